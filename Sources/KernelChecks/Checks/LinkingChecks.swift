// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Bytes
import CheckWorkload
import Linux

extension KernelCheck {
    /// Objects that are linked before they are loaded.
    static let linkingChecks = [
        KernelCheck("a linked object counts like its parts", subject: .feature("static linking")) {
            var linker = ObjectLinker()
            for name in ["linked_first", "linked_second"] {
                try linker.add(OwnedBytes(try Files.read("\(CheckObject.folder)/\(name).o")), name: name)
            }
            var spec = try ObjectSpec(OwnedBytes(try linker.link()), name: "linked")
            try spec.setVariable("target", to: UInt32(truncatingIfNeeded: Processes.currentThread))
            let object = try LoadedObject(spec)
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
        }
    ]
}
