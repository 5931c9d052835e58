// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics
import Testing

@testable import Linux

/// What reaches the kernel, byte by byte.
@Suite("Attributes of bpf(2)")
struct AttributeBytesTests {
    /// Runs `body` with a kernel that answers `answer`, and returns what it was sent.
    private func sent(answering answer: Int = -22, _ body: () -> Void) -> [(BPFCommand, [UInt8])] {
        let log = Log()
        BPFSystemCall.$replacement.withValue({ command, bytes in
            log.append(command, bytes)
            return answer
        }) { body() }
        return log.calls
    }

    private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32? {
        bytes.span.bytes.integer(at: offset, as: UInt32.self, order: .host)
    }

    private func long(_ bytes: [UInt8], _ offset: Int) -> UInt64? {
        bytes.span.bytes.integer(at: offset, as: UInt64.self, order: .host)
    }

    @Test("A map's creation ends after the newest field that is set")
    func mapCreation() throws {
        var creation = MapCreation(kind: 1, keySize: 4, valueSize: 8, maxEntries: 16)
        var calls = sent { _ = try? BPFSystemCall.createMap(creation) }
        #expect(calls.count == 1)
        #expect(calls[0].0 == .createMap)
        #expect(calls[0].1.count == 16)
        #expect([0, 4, 8, 12].map { word(calls[0].1, $0) } == [1, 4, 8, 16])

        creation.name = "a-name.that_is too long"
        creation.extra = 7
        creation.numaNode = 0
        calls = sent { _ = try? BPFSystemCall.createMap(creation) }
        #expect(calls[0].1.count == 72)
        #expect(word(calls[0].1, 16) == 4)
        let bytes = calls[0].1
        let name = bytes.span.bytes.cString(at: 28)
        #expect(name == "a_name.that_is_")
        #expect(long(calls[0].1, 64) == 7)
    }

    @Test("A link over ordered programs carries its neighbour and revision")
    func orderedLink() throws {
        let creation = LinkCreation(
            program: 5, target: 3, attachType: 46, flags: 8, detail: .ordered(relative: 9, revision: 11))
        let bytes = try #require(sent { _ = try? BPFSystemCall.createLink(creation) }.first?.1)
        #expect(bytes.count == 32)
        #expect([0, 4, 8, 12, 16].map { word(bytes, $0) } == [5, 3, 46, 8, 9])
        #expect(word(bytes, 24) == 11)
    }

    @Test("Places in a binary go into a multi-uprobe link with their cookies")
    func multiUprobe() throws {
        let creation = LinkCreation(
            program: 5, target: 0, attachType: 48,
            detail: .multiUprobe(
                path: "/bin/x", offsets: [16, 32], counters: [], cookies: [1, 2], flags: 1, process: 77))
        let bytes = try #require(sent { _ = try? BPFSystemCall.createLink(creation) }.first?.1)
        #expect(bytes.count == 64)
        #expect(long(bytes, 32) == 0)
        #expect([48, 52, 56].map { word(bytes, $0) } == [2, 1, 77])
    }

    @Test("A program load that a signal interrupts reports EAGAIN only after many attempts, a log is always covered")
    func programLoad() throws {
        var load = ProgramLoad(kind: 5, name: "p", license: "GPL")
        load.fileDescriptors = [3, 4]
        let bytes = try #require(
            sent {
                var log: VerifierLog? = VerifierLog(level: 1, capacity: 4096)
                _ = try? BPFSystemCall.loadProgram(load, instructions: [UInt8](repeating: 0, count: 16), log: &log)
            }.first?.1)
        #expect(bytes.count == 144)
        #expect([0, 4, 24, 28].map { word(bytes, $0) } == [5, 2, 1, 4096])
        #expect(long(bytes, 120) != 0)
    }

    @Test("An error names the command, the number and what it means, and says whose lack it is")
    func errors() throws {
        let errors = [-1, -524, -7].map { answer in
            var caught: LinuxError?
            BPFSystemCall.$replacement.withValue({ _, _ in answer }) {
                do throws(LinuxError) {
                    try BPFSystemCall.freeze(map: 3)
                } catch {
                    caught = error
                }
            }
            return caught
        }
        #expect(errors[0]?.message == "bpf(BPF_MAP_FREEZE) failed with EPERM: Operation not permitted")
        #expect(errors[0]?.failure == .notPermitted)
        #expect(errors[1]?.errno.name == "ENOTSUPP")
        #expect(errors[1]?.failure == .notSupported)
        #expect(errors[2]?.errno == .tooBig)
    }
}

private final class Log: @unchecked Sendable {
    var calls: [(BPFCommand, [UInt8])] = []
    func append(_ command: BPFCommand, _ bytes: [UInt8]) { calls.append((command, bytes)) }
}
