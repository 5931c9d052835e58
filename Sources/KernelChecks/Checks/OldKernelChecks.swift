// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import BTF
import Bytes
import CheckWorkload
import Linux

extension KernelCheck {
    /// What an object becomes on a kernel that lacks something; newer kernels play the older ones.
    static let oldKernelChecks = [
        KernelCheck(
            "a program that can use either buffer loads where one is missing, and its records arrive",
            subject: .feature("a perf buffer where there is no ring buffer")
        ) {
            // With the running kernel's types and maps first, then with those of a kernel without ring buffers.
            var object = try CheckObject.load("buffers", programs: ["choose"])
            try expectSame(try records(of: object, calls: 5, inRing: true), 5, "records of the ring buffer")
            try expectSame(object.report.missingMaps.count, 0, "missing maps")
            var options = LoadOptions()
            options.programs = ["choose"]
            options.withheld = [.map(.ringBuffer)]
            options.kernelTypes = KernelTypes(OwnedBytes(try BTFBuilder.somethingElse()), source: "the check")
            object = try LoadedObject(try CheckObject.spec("buffers"), options: options)
            try expectSame(Array(object.report.missingMaps.keys), ["ring"], "missing maps")
            try expectSame(try records(of: object, calls: 7, inRing: false), 7, "records of the perf buffer")
            return .passed
        },
        KernelCheck(
            "a program that cannot do without a missing map is told which one",
            subject: .feature("a kind of map that is missing is named")
        ) {
            var options = LoadOptions()
            options.programs = ["insist"]
            options.withheld = [.map(.ringBuffer)]
            do throws(BPFError) {
                let spec: ObjectSpec
                do { spec = try CheckObject.spec("buffers") } catch { return .failed("\(error)") }
                _ = try LoadedObject(spec, options: options)
                return .failed("it was loaded")
            } catch {
                try expectSame(error.code, .notSupported, "the error's code")
                try expect(error.message.contains("ringbuf maps"), "the message is \(error.message)")
                return .passed
            }
        },
        KernelCheck(
            "older helpers and constants in the code do what newer ones and global constants do",
            subject: .feature("programs in the words of older kernels")
        ) {
            for withheld: Set<KernelAbility> in [[], [.separateProbeReads], [.separateProbeReads, .globalData]] {
                var options = LoadOptions()
                options.withheld = withheld
                let object = try LoadedObject(try CheckObject.spec("lowering"), options: options)
                let replaced = object.report.entries.filter { if case .replacedHelper = $0 { true } else { false } }
                try expectSame(replaced.count, withheld.isEmpty ? 0 : 2, "replaced helpers")
                let inlined = object.report.entries.compactMap { entry in
                    if case .inlinedConstants(_, let count) = entry { count } else { nil }
                }
                try expectSame(inlined, withheld.count == 2 ? [5] : [], "constants in the code")
                let link = try object.program(named: "read").attach()
                skep_workload_get_parent(1)
                link.detach()
                let value = OwnedBytes(try object.map(named: "values").value(for: [0, 0, 0, 0]) ?? [])
                let numbers = (0..<6).map { value.span.integer(at: $0 * 8, as: UInt64.self, order: .host) ?? 0 }
                try expectSame(
                    numbers, [0x1234, 0xffff_fff0, 7, UInt64(bitPattern: -3), 3, 42], "what the program read")
            }
            return .passed
        },
        KernelCheck(
            "types in the words of every older kernel are taken, and programs still run",
            subject: .feature("types in the words of older kernels")
        ) {
            let steps: [KernelAbility] = [
                .attributeTags, .wideEnumerations, .typeTags, .declarationTags, .floatTypes, .globalFunctionTypes,
                .dataSectionTypes, .functionTypes, .types,
            ]
            for count in 0...steps.count {
                var options = LoadOptions()
                options.withheld = Set(steps.prefix(count))
                let object = try LoadedObject(try CheckObject.spec("types"), options: options)
                for case .noTypes(let reason) in object.report.entries where count < steps.count {
                    return .failed("without \(steps.prefix(count)) the kernel takes no types: \(reason)")
                }
                let link = try object.program(named: "fill").attach()
                skep_workload_get_parent(2)
                link.detach()
                try expectSame(try object.number("calls"), 2, "calls without \(steps.prefix(count))")
            }
            return .passed
        },
        KernelCheck("what the loader finds out about the kernel is what its version says") {
            let abilities: [KernelAbility] = [
                .names, .types, .functionTypes, .dataSectionTypes, .globalFunctionTypes, .floatTypes, .declarationTags,
                .typeTags, .wideEnumerations, .attributeTags, .globalData, .mappableArrays, .separateProbeReads,
                .memoryAccounting, .largePrograms, .sleepableIterators, .sleepableTracepoints, .map(.ringBuffer),
                .map(.bloomFilter), .map(.arena),
            ]
            for ability in abilities {
                guard let minimum = ability.minimumVersion else { return .failed("\(ability) has no version") }
                try expectSame(ability.isAvailable, KernelVersion.current >= minimum, "\(ability)")
            }
            return .passed
        },
    ]

    /// Lets the program send, and counts what arrives where it should.
    private static func records(of object: LoadedObject, calls: Int32, inRing: Bool) throws -> Int {
        if inRing {
            var ring = try RingBuffer(object.map(named: "ring"))
            let link = try object.program(named: "choose").attach()
            skep_workload_get_parent(calls)
            link.detach()
            return ring.drain { _ in }
        }
        var buffer = try PerfBuffer(object.map(named: "perf"))
        let link = try object.program(named: "choose").attach()
        skep_workload_get_parent(calls)
        link.detach()
        var count = 0
        buffer.drain { _, _ in count += 1 }
        return count
    }
}

extension BTFBuilder {
    /// Types of a kernel that has hardly anything.
    fileprivate static func somethingElse() throws(BTFError) -> [UInt8] {
        var builder = BTFBuilder(order: .host)
        builder.add(.integer(BTFInteger(name: "int", size: 4, encoding: .signed)))
        return try builder.encode()
    }
}
