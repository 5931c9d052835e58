// SPDX-License-Identifier: Apache-2.0

import Guest
import Testing

/// The archives are what the kernel's initramfs reader expects.
@Suite struct CPIOArchiveTests {
    @Test("an empty archive is its trailer")
    func empty() {
        let text = String(decoding: CPIOArchive().finished(), as: UTF8.self)
        #expect(text.hasPrefix("070701" + String(repeating: "0", count: 32)))
        #expect(text.contains("TRAILER!!!\0"))
        #expect(text.utf8.count % 4 == 0)
    }

    @Test("names and contents are padded to four bytes, with sizes in hexadecimal")
    func padding() {
        var archive = CPIOArchive()
        archive.add(folder: "dev")
        archive.add(file: "dev/x", contents: [1, 2, 3, 4, 5], isExecutable: true)
        let bytes = archive.finished()
        #expect(bytes.count % 4 == 0)
        // The folder: a header of 110 bytes and a name of 4 with its end, padded to 116.
        let second = bytes[116...]
        #expect(String(decoding: second.prefix(6), as: UTF8.self) == "070701")
        #expect(String(decoding: second.dropFirst(14).prefix(8), as: UTF8.self) == "000081ED")
        #expect(String(decoding: second.dropFirst(54).prefix(8), as: UTF8.self) == "00000005")
        #expect(String(decoding: second.dropFirst(110).prefix(6), as: UTF8.self) == "dev/x\0")
        #expect(Array(second.dropFirst(116).prefix(8)) == [1, 2, 3, 4, 5, 0, 0, 0])
    }

    @Test("the same files give the same bytes")
    func reproducible() {
        func make() -> [UInt8] {
            var archive = CPIOArchive()
            archive.add(file: "a", contents: Array("text".utf8))
            return archive.finished()
        }
        #expect(make() == make())
    }
}
