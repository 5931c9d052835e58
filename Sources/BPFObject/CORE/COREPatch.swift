// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BTF

/// Writes the answer of a relocation into its instruction.
struct COREPatch {
    /// The helper id of a poisoned call: the verifier prints "invalid func unknown#195896080" when it reaches one.
    static let poisonHelper: Int32 = 0x0bad_2310

    let resolution: COREResolution
    let index: Int

    /// Patches the instruction; answers why it was poisoned, or `nil` when it was not.
    func apply(to instructions: inout [Instruction]) throws(CORERelocationError) -> COREPoisonReason? {
        let instruction = instructions[index]
        guard let value = resolution.target else {
            poison(&instructions)
            return .missing
        }
        switch instruction.opcode & 0x07 {
        case 0x04, 0x07:
            guard instruction.opcode & 0x08 == 0 else {
                throw unexpected("the arithmetic instruction takes its operand from a register")
            }
            let new = try checked(UInt64(bitPattern: Int64(instruction.immediate)), value)
            instructions[index].immediate = Int32(truncatingIfNeeded: new)
        case 0x01, 0x02, 0x03:
            _ = try checked(UInt64(bitPattern: Int64(instruction.offset)), value)
            guard let offset = Int16(exactly: value) else {
                throw CORERelocationError(
                    .outOfRange, "the field's offset of \(value) bytes does not fit a load or store",
                    hint: "add the offset to the pointer first, or use bpf_core_read")
            }
            if resolution.refusesResizing {
                poison(&instructions)
                return .unsafeSize(local: resolution.localSize, target: resolution.targetSize)
            }
            instructions[index].offset = offset
            if resolution.localSize != resolution.targetSize {
                instructions[index].opcode = try resized(instruction.opcode)
            }
        case 0x00: try patchWideLoad(&instructions, value)
        default: throw unexpected("an instruction of this class cannot be relocated")
        }
        return nil
    }

    private func patchWideLoad(_ instructions: inout [Instruction], _ value: UInt64) throws(CORERelocationError) {
        let first = instructions[index]
        guard first.isWideLoad, first.source == 0, first.offset == 0, index + 1 < instructions.count,
            case let second = instructions[index + 1], second.opcode == 0, second.registers == 0, second.offset == 0
        else { throw unexpected("the 64-bit load does not have the usual form") }
        let held = UInt64(UInt32(bitPattern: first.immediate)) | UInt64(UInt32(bitPattern: second.immediate)) << 32
        let new = try checked(held, value)
        instructions[index].immediate = Int32(truncatingIfNeeded: new)
        instructions[index + 1].immediate = Int32(truncatingIfNeeded: new >> 32)
    }

    /// Answers the new value when the instruction holds the old one.
    private func checked(_ held: UInt64, _ value: UInt64) throws(CORERelocationError) -> UInt64 {
        guard resolution.isValidated, held != resolution.local else { return value }
        if let extended = resolution.signExtended, held == extended.local { return extended.target }
        throw unexpected(
            "the instruction holds \(Int64(bitPattern: held)) where \(Int64(bitPattern: resolution.local)) was expected"
        )
    }

    private func resized(_ opcode: UInt8) throws(CORERelocationError) -> UInt8 {
        let sizes: [UInt8: Int] = [0x00: 4, 0x08: 2, 0x10: 1, 0x18: 8]
        guard sizes[opcode & 0x18] == resolution.localSize else {
            throw unexpected("the load or store is not as wide as the field of \(resolution.localSize) bytes")
        }
        guard let code = sizes.first(where: { $0.value == resolution.targetSize })?.key else {
            throw CORERelocationError(
                .outOfRange, "no load or store is \(resolution.targetSize) bytes wide, as the target's field is")
        }
        return opcode & 0xe7 | code
    }

    private func poison(_ instructions: inout [Instruction]) {
        let call = Instruction(opcode: 0x85, immediate: COREPatch.poisonHelper)
        // Half of a wide load alone would be reported as an unknown opcode.
        if instructions[index].isWideLoad, index + 1 < instructions.count { instructions[index + 1] = call }
        instructions[index] = call
    }

    private func unexpected(_ message: String) -> CORERelocationError {
        CORERelocationError(
            .unexpectedInstruction, message, hint: "the object was changed after it was compiled; compile it again")
    }
}
