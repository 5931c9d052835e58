// SPDX-License-Identifier: Apache-2.0

import BPF
import Bytes
import Linux
import Testing

@Suite("Ring buffers", .enabled(if: mayLoadPrograms, "loading programs is not permitted here"))
struct RingBufferTests {
    private func makeMap(_ size: UInt32 = 4096) throws -> FileDescriptor {
        try BPFSystemCall.createMap(MapCreation(kind: 27, keySize: 0, valueSize: 0, maxEntries: size))
    }

    @Test("Records come out in the order in which they went in, with their bytes", arguments: [8, 16, 24, 64, 256])
    func order(size: Int32) throws {
        let map = try makeMap(1 << 16)
        let program = try TestPrograms.load(TestPrograms.ringOutput(map: map.rawValue, size: size))
        var ring = try RingBuffer(mapDescriptor: map.rawValue)
        let isEmpty = try ring.wait(milliseconds: 0)
        #expect(!isEmpty)
        for number in 0..<100 as Range<UInt32> { try TestPrograms.run(program.rawValue, number: number) }
        let isReady = try ring.wait(milliseconds: 0)
        #expect(isReady)
        var numbers: [UInt32?] = []
        var sizes: Set<Int> = []
        let count = ring.drain { record in
            numbers.append(record.integer(at: 0, as: UInt32.self, order: .host))
            sizes.insert(record.byteCount)
        }
        #expect(count == 100)
        #expect(numbers == (0..<100).map { UInt32($0) })
        #expect(sizes == [Int(size)])
        let rest = ring.availableBytes
        #expect(rest == 0)
    }

    @Test("Going around the end many times loses and repeats nothing")
    func wrapping() throws {
        let map = try makeMap()
        let program = try TestPrograms.load(TestPrograms.ringOutput(map: map.rawValue, size: 48))
        var ring = try RingBuffer(mapDescriptor: map.rawValue)
        var expected: UInt32 = 0
        var isWrong = false
        for number in 0..<3000 as Range<UInt32> {
            try TestPrograms.run(program.rawValue, number: number)
            if number % 37 == 0 {
                while let record = ring.next() {
                    if record.integer(at: 0, as: UInt32.self, order: .host) != expected { isWrong = true }
                    expected += 1
                }
            }
        }
        ring.drain { record in
            if record.integer(at: 0, as: UInt32.self, order: .host) != expected { isWrong = true }
            expected += 1
        }
        #expect(expected == 3000)
        #expect(!isWrong)
    }

    @Test("Discarded records are skipped, and a limit leaves the rest for later")
    func discardedAndLimited() throws {
        let map = try makeMap()
        let program = try TestPrograms.load(TestPrograms.ringOutput(map: map.rawValue, size: 16))
        let discarding = try TestPrograms.load(TestPrograms.ringDiscard(map: map.rawValue))
        var ring = try RingBuffer(mapDescriptor: map.rawValue)
        for number in 0..<10 as Range<UInt32> {
            try TestPrograms.run(program.rawValue, number: number)
            try TestPrograms.run(discarding.rawValue)
        }
        var first: [UInt32?] = []
        let count = ring.drain(limit: 3) { first.append($0.integer(at: 0, as: UInt32.self, order: .host)) }
        #expect(count == 3)
        #expect(first == [0, 1, 2])
        let rest = ring.drain { _ in }
        #expect(rest == 7)
    }

    @Test("A body that throws keeps its record read and the others for later")
    func throwing() throws {
        struct Stop: Error {}
        let map = try makeMap()
        let program = try TestPrograms.load(TestPrograms.ringOutput(map: map.rawValue, size: 16))
        var ring = try RingBuffer(mapDescriptor: map.rawValue)
        for number in 0..<5 as Range<UInt32> { try TestPrograms.run(program.rawValue, number: number) }
        var isThrown = false
        do {
            try ring.drain { record in
                if record.integer(at: 0, as: UInt32.self, order: .host) == 1 { throw Stop() }
            }
        } catch {
            isThrown = true
        }
        #expect(isThrown)
        let rest = ring.drain { _ in }
        #expect(rest == 3)
    }

    @Test("A full ring takes nothing more until it was read, and what was read is given back")
    func full() throws {
        let map = try makeMap()
        let program = try TestPrograms.load(TestPrograms.ringOutput(map: map.rawValue, size: 248))
        var ring = try RingBuffer(mapDescriptor: map.rawValue)
        try TestPrograms.run(program.rawValue, repetitions: 100)
        let first = ring.drain { _ in }
        #expect(first == 15 || first == 16)
        try TestPrograms.run(program.rawValue, repetitions: 5)
        let second = ring.drain { _ in }
        #expect(second == 5)
    }

    @Test("The next reader goes on where the last one stopped")
    func handOver() throws {
        let map = try makeMap()
        let program = try TestPrograms.load(TestPrograms.ringOutput(map: map.rawValue, size: 16))
        for number in 0..<4 as Range<UInt32> { try TestPrograms.run(program.rawValue, number: number) }
        do {
            var ring = try RingBuffer(mapDescriptor: map.rawValue)
            _ = ring.next()
            _ = ring.next()
        }
        var ring = try RingBuffer(mapDescriptor: map.rawValue)
        let number = ring.next()?.integer(at: 0, as: UInt32.self, order: .host)
        #expect(number == 2)
    }

    @Test("Other maps are refused with a reason")
    func otherMap() throws {
        let map = try BPFSystemCall.createMap(MapCreation(kind: 2, keySize: 4, valueSize: 4, maxEntries: 1))
        do {
            _ = try RingBuffer(mapDescriptor: map.rawValue)
            Issue.record("an array is no ring buffer")
        } catch {
            #expect(error.code == .invalidArgument)
        }
    }
}
