// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import Linux

extension Feature {
    /// Instructions that came after the first set; the sets of clang's `-mcpu` are facilities.
    public static let instructions: [Feature] = [
        accepted("call_local", "4.16", [word(0x85, source: 1, immediate: 1), exit, zero, exit]),
        accepted("jump32", "5.1", [zero, word(0xa6, offset: 0, immediate: 1), exit]),
        accepted("sign_extending_move", "6.6", [zero, word(0xbf, offset: 8), zero, exit]),
        accepted(
            "sign_extending_load", "6.6",
            [word(0x7a, destination: 10, offset: -8), word(0x91, source: 10, offset: -8), zero, exit]),
        accepted("signed_division", "6.6", [zero, word(0x37, offset: 1, immediate: 2), zero, exit]),
        accepted("byte_swap", "6.6", [zero, word(0xd7, immediate: 16), zero, exit]),
        // Older kernels take the opcode as a jump of no distance, but not with a constant.
        // Whether the jump is reached depends on the packet, so that the verifier looks at it.
        accepted(
            "long_jump", "6.6",
            [word(0x61, source: 1), word(0x15, offset: 1), word(0x06, immediate: 1), zero, exit]),
        accepted("may_goto", "6.9", [zero, word(0xe5, offset: 1), word(0x05, offset: -2), exit]),
        // The verifier knows the instruction when it misses the arena that it is for.
        told("addr_space_cast", "6.9", "addr_space_cast", [zero, word(0xbf, offset: 1, immediate: 1), zero, exit]),
        accepted(
            "load_acquire", "6.15",
            [word(0x7a, destination: 10, offset: -8), word(0xdb, source: 10, offset: -8, immediate: 0x100), zero, exit]),
        accepted(
            "store_release", "6.15", [zero, word(0xdb, destination: 10, offset: -8, immediate: 0x110), zero, exit]),
        // The verifier knows the instruction when it misses the table of what can be jumped to.
        told("jump_to_register", "6.19", "jump table", [zero, word(0x0d), exit]),
    ]

    private static let zero = Instruction(opcode: 0xb7)
    private static let exit = ProbeProgram.exit

    private static func word(
        _ opcode: UInt8, destination: UInt8 = 0, source: UInt8 = 0, offset: Int16 = 0, immediate: Int32 = 0
    ) -> Instruction {
        Instruction(opcode: opcode, destination: destination, source: source, offset: offset, immediate: immediate)
    }

    /// A program that only loads where the kernel has the instruction.
    private static func accepted(
        _ name: String, _ version: KernelVersion, _ instructions: [Instruction]
    ) -> Feature {
        Feature(.instruction, name, since: version) {
            let answer = ProbeProgram.load(kind: 1, instructions)
            if answer.error == nil { return .available }
            return answer.log.isEmpty ? answer.outcome : .unsupported
        }
    }

    /// A program that is wrong on purpose: what the verifier minds tells whether it knows the instruction.
    private static func told(
        _ name: String, _ version: KernelVersion, _ words: String, _ instructions: [Instruction]
    ) -> Feature {
        Feature(.instruction, name, since: version) {
            let answer = ProbeProgram.load(kind: 1, instructions)
            // The log also shows the instruction itself, on a line that begins with its number.
            let complaints = answer.log.split(separator: "\n").filter { $0.first?.isNumber != true }
            if complaints.contains(where: { $0.contains(words) }) { return .available }
            return answer.log.isEmpty ? answer.outcome : .unsupported
        }
    }
}
