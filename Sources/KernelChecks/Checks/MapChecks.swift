// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Bytes
import CheckWorkload
import Linux

extension KernelCheck {
    /// Maps of every kind hold what a program put in, and records arrive whole and in order.
    static let mapChecks = [
        KernelCheck(
            "hash, array, per-CPU, recently-used and nested maps hold what a program put in", subject: .map("hash")
        ) {
            let object = try filled(40)
            let numbers = try Map<UInt32, UInt64>(object.map(named: "by_number")).entries()
            try expectSame(numbers.map(\.key).sorted(), (0..<40).map { $0 * 3 }, "keys of the hash map")
            try expect(
                numbers.allSatisfy { UInt64($0.key) == $0.value }, "a value of the hash map belongs to another key")
            let remainders = try Map<UInt32, UInt64>(object.map(named: "by_remainder")).entries()
            try expectSame(remainders.map(\.value), [10, 10, 10, 10], "values of the array")
            for name in ["per_cpu", "per_cpu_hash"] {
                let key: UInt32 = name == "per_cpu" ? 0 : 7
                let values = try Map<UInt32, UInt64>(object.map(named: name)).valuesPerCPU(for: key) ?? []
                try expectSame(values.count, try ProcessorList.possibleCount(), "values of \(name)")
                try expectSame(values.reduce(0, +), 40, "the sum of \(name)")
            }
            try expectSame(try object.map(named: "recent").entries().count, 40, "entries of the recently-used map")
            for name in ["inner_even", "inner_odd"] {
                let value = try Map<UInt32, UInt64>(object.map(named: name)).value(for: 0)
                try expectSame(value, 20, "the value of \(name)")
            }
            return .passed
        },
        KernelCheck(
            "entries are read one by one, in batches, and taken out in batches",
            subject: .feature("map access in batches")
        ) {
            let object = try filled(40)
            let map = try object.map(named: "by_number")
            var single: Set<[UInt8]> = []
            var key: [UInt8]?
            while let next = try map.key(after: key) {
                single.insert(next)
                key = next
            }
            try expectSame(Set(try map.entries().map(\.key)), single, "keys in batches")
            let drained = try map.drainEntries()
            try expectSame(drained?.count, 40, "entries taken out")
            try expectSame(try map.entries().count, 0, "entries left")
            return .passed
        },
        KernelCheck("variables are set before loading, read and changed while programs run, and constants stay") {
            let object = try filled(10)
            try expectSame(try object.number("calls"), 30, "the variable calls")
            try expectSame(try object.number("seeded"), 1030, "the variable seeded")
            try object.setVariable("seeded", bytes: [7, 0, 0, 0, 0, 0, 0, 0])
            let link = try object.program(named: "fill").attach()
            skep_workload_get_parent(2)
            link.detach()
            try expectSame(try object.number("seeded"), 13, "the variable seeded after it was set")
            do throws(BPFError) {
                try object.setVariable("step", bytes: [0, 0, 0, 0, 0, 0, 0, 0])
                return .failed("a constant was changed")
            } catch {
                try expectSame(error.code, .invalidArgument, "the error of changing a constant")
            }
            let constants = try object.map(named: object.spec.variable(named: "step")?.map ?? "")
            do throws(BPFError) {
                try constants.setValue([UInt8](repeating: 0, count: constants.valueSize), for: [0, 0, 0, 0])
                return .failed("the kernel let constants be changed")
            } catch {
                return .passed
            }
        },
        KernelCheck(
            "a ring buffer gives records in order, and what did not fit is counted exactly", subject: .map("ringbuf")
        ) {
            let object = try CheckObject.load("maps")
            var ring = try RingBuffer(object.map(named: "ring"))
            let link = try object.program(named: "fill").attach()
            skep_workload_get_parent(1000)
            link.detach()
            var numbers: [UInt64] = []
            var names: Set<String> = []
            ring.drain { record in
                numbers.append(record.integer(at: 0, as: UInt64.self, order: .host) ?? .max)
                names.insert(record.cString(at: 12) ?? "")
            }
            // 4096 bytes, of which each record of 24 takes 32; the kernel keeps the last one free.
            try expect(numbers.count > 100 && numbers.count <= 128, "the ring held \(numbers.count) records")
            try expectSame(numbers, (0..<UInt64(numbers.count)).map { $0 }, "numbers of the records")
            try expectSame(names, ["check"], "names in the records")
            try expectSame(object.lostRecords, 1000 - UInt64(numbers.count), "lost records")
            try expectSame(object.lostRecords(of: "ring"), object.lostRecords, "lost records of the ring")
            return .passed
        },
        KernelCheck("a perf buffer gives every record", subject: .map("perf_event_array")) {
            let object = try CheckObject.load("maps")
            var buffer = try PerfBuffer(object.map(named: "perf"))
            let link = try object.program(named: "fill").attach()
            skep_workload_get_parent(200)
            link.detach()
            var numbers: Set<UInt64> = []
            buffer.drain { _, record in
                numbers.insert(record.integer(at: 0, as: UInt64.self, order: .host) ?? .max)
            }
            try expectSame(numbers, Set(0..<200), "numbers of the records")
            try expectSame(buffer.lostRecords, 0, "lost records")
            return .passed
        },
    ]

    /// Loads the object of maps, with steps of 3, and lets its program see so many calls.
    private static func filled(_ count: Int32) throws -> LoadedObject {
        var spec = try CheckObject.spec("maps")
        try spec.setVariable("step", to: 3 as UInt64)
        let object = try LoadedObject(spec)
        let link = try object.program(named: "fill").attach()
        skep_workload_get_parent(count)
        link.detach()
        return object
    }
}
