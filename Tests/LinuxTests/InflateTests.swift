// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Linux

@Suite("Inflate")
struct InflateTests {
    @Test("A stored block is copied")
    func stored() throws {
        #expect(try Inflate.raw([1, 3, 0, 0xfc, 0xff, 97, 98, 99], limit: 16) == [97, 98, 99])
    }

    @Test("Fixed codes with a back reference that overlaps itself are expanded")
    func fixed() throws {
        // "aaaaaaaaaa" as zlib writes it
        #expect(try Inflate.raw([0x4b, 0x4c, 0x84, 0x01, 0x00], limit: 16) == [UInt8](repeating: 97, count: 10))
    }

    @Test("A gzip file of the machine is expanded as gzip does it")
    func gzip() throws {
        let text = (0..<3000).map { "CONFIG_OPTION_\($0 &* 7919 % 1000)=\($0 % 7 == 0 ? "y" : "m")\n" }.joined()
        let packed = try ChildProcess.run(ChildProcess.Command("gzip", ["-9c"]), input: [UInt8](text.utf8))
        try #require(packed.isSuccess)
        #expect(try Inflate.gzip(packed.output, limit: 1 << 20) == [UInt8](text.utf8))
        #expect(throws: Inflate.Failure.tooLarge) { try Inflate.gzip(packed.output, limit: 1000) }
    }

    @Test("Broken data is an error, wherever it is cut or changed")
    func hostile() throws {
        let packed = try ChildProcess.run(
            ChildProcess.Command("gzip", ["-c"]), input: [UInt8]((0..<2000).map { "\($0 * 31 % 97)," }.joined().utf8))
        let good = packed.output
        for end in 0..<good.count {
            #expect(throws: Inflate.Failure.self) { try Inflate.gzip([UInt8](good[..<end]), limit: 1 << 20) }
        }
        for index in 10..<good.count - 8 {
            var changed = good
            changed[index] ^= 0x5a
            _ = try? Inflate.gzip(changed, limit: 1 << 20)
        }
        #expect(throws: Inflate.Failure.malformed) { try Inflate.raw([0x07], limit: 16) }
    }
}
