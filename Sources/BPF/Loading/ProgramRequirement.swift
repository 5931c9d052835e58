// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import Linux

/// What of a program that the kernel refused is newer than the kernel, as a sentence.
enum ProgramRequirement {
    /// - Parameters:
    ///   - program: the program's name.
    ///   - kind: the program's kind.
    ///   - linked: its instructions.
    ///   - missing: the functions of the kernel that it calls and that are not there.
    /// - Returns: nil when nothing is known to be newer.
    static func lack(
        of program: String, kind: ProgramKind?, _ linked: LinkedProgram, missing: [String]
    ) -> String? {
        let current = KernelVersion.current
        func needs(_ what: String, _ version: KernelVersion) -> String? {
            current < version ? "\(what) needs Linux \(version), this is \(current)" : nil
        }
        if let kind, let feature = Feature.program(kind), current < feature.minimumVersion {
            return "a program of the kind \(kind) needs Linux \(feature.minimumVersion), this is \(current)"
        }
        if let name = missing.first {
            return "this kernel, \(current), has no function \(name), which the program \(program) calls"
        }
        for instruction in linked.instructions {
            var lack: String?
            if instruction.isHelperCall, let helper = HelperTable.helper(id: instruction.immediate) {
                lack = needs("\(helper.name)()", KernelVersion(helper.since.major, helper.since.minor))
            } else if instruction.isFunctionAddressLoad {
                lack = needs("a function that a helper calls back", "5.13")
            } else if instruction.opcode == 0xe5 {
                lack = needs("a loop with cond_break or can_loop", "6.9")
            } else if instruction.opcode == 0xbf, instruction.offset == 1 {
                lack = needs("a pointer into an arena", "6.9")
            }
            if let lack { return "the program \(program) cannot run here: \(lack)" }
        }
        return nil
    }
}
