// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Bytes
import CheckWorkload
import Linux

extension KernelCheck {
    /// Objects that are linked before they are loaded.
    static let linkingChecks = [
        KernelCheck("a linked object counts like its parts", subject: .feature("statically linked objects")) {
            let object = try LoadedObject(try linked("linked_first", "linked_second"))
            let first = try object.program(named: "first").attach()
            let second = try object.program(named: "second").attach()
            skep_workload_get_parent(5)
            first.detach()
            second.detach()
            try expectSame(try object.number("first_calls"), 5, "calls of the first object's program")
            try expectSame(try object.number("second_calls"), 5, "calls of the second object's program")
            // Each object has a static variable and a static function at the same place of its own sections.
            try expectSame(try object.number("first_last"), 105, "the first object's own variable")
            try expectSame(try object.number("second_last"), 205, "the second object's own variable")
            try expectSame(try object.number("sum"), 35, "the sum of the strong function's weights")
            let seen = try object.map(named: "seen")
            for (key, expected) in [(1, 105), (2, 205)] as [(UInt8, UInt64)] {
                let value = OwnedBytes(try seen.value(for: [key, 0, 0, 0]) ?? [])
                try expectSame(value.span.integer(at: 0, as: UInt64.self, order: .host), expected, "entry \(key)")
            }
            return .passed
        },
        KernelCheck(
            "tables of functions of two objects are linked and registered",
            subject: .feature("statically linked struct_ops")
        ) {
            var spec = try linked("structops", "linked_ops")
            try spec.setMember("flags", ofStructOps: "fixed", to: 1 as UInt32)
            let object = try LoadedObject(spec)
            try expectSame(object.structOps.map(\.name).sorted(), ["fixed", "third"], "tables of functions")
            let fixed = try object.structOps(named: "fixed").attach()
            let third = try object.structOps(named: "third").attach()
            for name in ["skep_fixed", "skep_third", "skep_third"] {
                let network = try CheckNetwork()
                try expectSame(try network.run { skep_workload_congestion(name, 10_000) }, 0, "the error of \(name)")
            }
            // The second object's program counts by hundreds in the first object's variable.
            try expectSame(try object.number("started"), 201, "connections that the first object knows of")
            try expectSame(try object.number("started_third"), 2, "connections of the second object's table")
            fixed.detach()
            third.detach()
            return .passed
        },
        KernelCheck(
            "variables in an arena of two objects are linked", minimumKernel: "6.9",
            subject: .feature("statically linked arenas")
        ) {
            let object = try LoadedObject(try linked("arena", "linked_arena"))
            for (name, times) in [("build", 1), ("add_own", 2)] {
                let program = try object.program(named: name)
                for _ in 0..<times { _ = try program.testRun(TestRunOptions()) }
            }
            let total: UInt64 = 7 + 99 * 100 / 2
            try expectSame(try object.number("total"), total, "the first object's variable")
            try expectSame(try object.number("own"), 1002, "the second object's variable")
            try expectSame(try object.number("copy"), total + 1001, "what the second object made of both")
            return .passed
        },
        KernelCheck(
            "symbols of the kernel that two objects want are linked",
            subject: .feature("statically linked kernel symbols")
        ) {
            let object = try LoadedObject(try linked("kernel", "linked_ksyms"))
            let first = try object.program(named: "look").attach()
            let second = try object.program(named: "look_again").attach()
            skep_workload_get_parent(4)
            first.detach()
            second.detach()
            try expectSame(try object.number("calls"), 4, "calls of the first object's program")
            try expectSame(try object.number("second_calls"), 4, "calls of the second object's program")
            let symbol = try object.number("symbol")
            try expect(symbol != 0, "bpf_prog_put has no address")
            try expectSame(try object.number("second_symbol"), symbol, "the address in the second object")
            let other = try object.number("other_symbol")
            try expect(other != 0 && other != symbol, "bpf_map_put is at \(other), bpf_prog_put at \(symbol)")
            try expectSame(
                try object.number("second_version"), UInt64(KernelVersion.current.code), "the kernel's version")
            let hasIterators = KernelVersion.current >= "6.4"
            try expectSame(try object.number("turns"), hasIterators ? 100 : 0, "turns of the loops")
            return .passed
        },
    ]

    /// Links objects and reads the result.
    private static func linked(_ names: String...) throws -> ObjectSpec {
        var linker = ObjectLinker()
        for name in names {
            try linker.add(OwnedBytes(try Files.read("\(CheckObject.folder)/\(name).o")), name: name)
        }
        var spec = try ObjectSpec(OwnedBytes(try linker.link()), name: "linked")
        try spec.setVariable("target", to: UInt32(truncatingIfNeeded: Processes.currentThread))
        return spec
    }
}
