// SPDX-License-Identifier: Apache-2.0

import BPF
import Bytes
import Linux
import Testing

@Suite("Perf buffers", .enabled(if: mayLoadPrograms, "loading programs is not permitted here"))
struct PerfBufferTests {
    private func makeMap() throws -> FileDescriptor {
        let cpus = UInt32(try ProcessorList.possibleCount())
        return try BPFSystemCall.createMap(MapCreation(kind: 4, keySize: 4, valueSize: 4, maxEntries: cpus))
    }

    @Test("Every record arrives once with its bytes, also those that go over a ring's end", arguments: [8, 20, 200])
    func records(size: Int32) throws {
        let map = try makeMap()
        let program = try TestPrograms.load(
            TestPrograms.perfOutput(map: map.rawValue, size: (size + 7) / 8 * 8), kind: 3)
        var options = PerfBuffer.Options()
        options.pagesPerCPU = 1
        var buffer = try PerfBuffer(mapDescriptor: map.rawValue, options: options)
        var numbers: Set<UInt32> = []
        var sizes: Set<Int> = []
        for number in 0..<1000 as Range<UInt32> {
            try TestPrograms.run(program.rawValue, number: number)
            if number % 7 == 0 {
                buffer.drain { _, record in
                    numbers.insert(record.integer(at: 0, as: UInt32.self, order: .host) ?? .max)
                    sizes.insert(record.byteCount)
                }
            }
        }
        buffer.drain { _, record in numbers.insert(record.integer(at: 0, as: UInt32.self, order: .host) ?? .max) }
        let isComplete = numbers == Set(0..<1000)
        #expect(isComplete)
        #expect(sizes.count == 1)
        #expect(sizes.allSatisfy { $0 >= Int(size) && $0 < Int(size) + 16 })
        let lost = buffer.lostRecords
        #expect(lost == 0)
    }

    @Test("A waiting reader is woken, and a full ring counts what it lost")
    func lost() throws {
        let map = try makeMap()
        let program = try TestPrograms.load(TestPrograms.perfOutput(map: map.rawValue, size: 96), kind: 3)
        var options = PerfBuffer.Options()
        options.pagesPerCPU = 1
        var buffer = try PerfBuffer(mapDescriptor: map.rawValue, options: options)
        let isEmpty = try buffer.wait(milliseconds: 0)
        #expect(!isEmpty)
        try TestPrograms.run(program.rawValue, repetitions: 500)
        let isReady = try buffer.wait(milliseconds: 5000)
        #expect(isReady)
        var count = buffer.drain { _, _ in }
        #expect(count > 10)
        #expect(count < 500)
        // The kernel tells what it lost when it can write again.
        for _ in 0..<8 { try TestPrograms.run(program.rawValue) }
        count += buffer.drain { _, _ in }
        let lost = buffer.lostRecords
        #expect(lost > 0)
        #expect(Int(lost) + count <= 508)
    }

    @Test("Other maps are refused with a reason")
    func otherMap() throws {
        let map = try BPFSystemCall.createMap(MapCreation(kind: 2, keySize: 4, valueSize: 4, maxEntries: 1))
        do {
            _ = try PerfBuffer(mapDescriptor: map.rawValue)
            Issue.record("an array is no perf event array")
        } catch {
            #expect(error.code == .invalidArgument)
        }
    }
}
