// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFInstruction
import BPFObject

/// An iterator of a service: it writes something whenever it is run.
struct AttachedIterator {
    /// The program's name.
    let name: String
    let reader: IteratorReader
    /// Whether it writes records (`bpf_seq_write`), so that lines mean nothing.
    let writesBytes: Bool

    init(_ program: Program, _ spec: ObjectSpec, _ reader: IteratorReader) {
        name = program.spec.name
        self.reader = reader
        writesBytes = Self.calls(127, program.spec.name, spec)
    }

    /// Whether a program or a function that it calls calls a helper, by the helper's number.
    private static func calls(_ helper: Int32, _ program: String, _ spec: ObjectSpec) -> Bool {
        var waiting = [program]
        var seen: Set<String> = []
        while let name = waiting.popLast() {
            guard seen.insert(name).inserted, let function = spec.functions[name] else { continue }
            if function.instructions.contains(where: { $0.isHelperCall && $0.immediate == helper }) { return true }
            for reference in function.references {
                if case .function(let called) = reference.target { waiting.append(called) }
            }
        }
        return false
    }
}
