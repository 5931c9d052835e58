// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BTF

/// Instructions to be put behind an instruction of a function.
struct CodeInsertion {
    /// What is inserted.
    var instructions: [Instruction]
    /// What the inserted instructions refer to, by index among them.
    var references: [FunctionSpec.Reference]
    /// The index in the function to which the inserted code jumps at its end, or `nil` when it falls through.
    var target: Int?
    /// A conditional jump over what is inserted, in place of the instruction before it.
    var replacement: Instruction?

    /// The number of instructions with the jump at the end.
    var count: Int { instructions.count + (target == nil ? 0 : 1) }

    /// Puts an instruction before all others.
    mutating func insert(_ instruction: Instruction) {
        instructions.insert(instruction, at: 0)
        for index in references.indices { references[index].instruction += 1 }
    }
}

extension FunctionSpec {
    /// The function with instructions inserted.
    ///
    /// Only what falls through from the instruction before runs the inserted code: a jump to the instruction after it
    /// still leads there. Jumps, references, source lines and CO-RE relocations move along.
    ///
    /// - Parameter insertions: what to insert, by the index of the instruction after which it comes.
    /// - Returns: `nil` when a jump would become too long or cannot be followed.
    /// - Complexity: O(instructions).
    func inserting(_ insertions: [Int: CodeInsertion]) -> FunctionSpec? {
        // Where each instruction goes; one more for a jump behind the last one, which the verifier will refuse.
        var places: [Int] = []
        places.reserveCapacity(instructions.count + 1)
        var added = 0
        for index in instructions.indices {
            places.append(index + added)
            added += insertions[index]?.count ?? 0
        }
        places.append(instructions.count + added)

        var result = self
        result.instructions = []
        result.instructions.reserveCapacity(instructions.count + added)
        result.references = []
        let known = Dictionary(grouping: references, by: \.instruction)
        var isSecondHalf = false
        for (index, instruction) in instructions.enumerated() {
            var moved = instruction
            if var replacement = insertions[index]?.replacement {
                replacement.offset = Int16(clamping: insertions[index]?.count ?? 0)
                moved = replacement
            } else if !isSecondHalf, instruction.jumpsByDistance {
                guard let jump = instruction.moved(from: index, places) else { return nil }
                moved = jump
            }
            isSecondHalf = !isSecondHalf && instruction.isWideLoad
            for reference in known[index] ?? [] {
                result.references.append(.init(instruction: places[index], target: reference.target))
            }
            result.instructions.append(moved)
            guard let insertion = insertions[index] else { continue }
            for reference in insertion.references {
                result.references.append(
                    .init(instruction: places[index] + 1 + reference.instruction, target: reference.target))
            }
            result.instructions += insertion.instructions
            guard let target = insertion.target else { continue }
            guard places.indices.contains(target),
                let distance = Int16(exactly: places[target] - result.instructions.count - 1)
            else { return nil }
            result.instructions.append(Instruction(opcode: 0x05, offset: distance))
        }

        for index in lines.indices {
            guard let old = Int(exactly: lines[index].instructionOffset), old < places.count,
                let place = UInt32(exactly: places[old])
            else { return nil }
            result.lines[index].instructionOffset = place
        }
        for index in coreRelocations.indices {
            let old = (Int(coreRelocations[index].instructionOffset) - sectionOffset) / Instruction.size
            guard places.indices.contains(old),
                let offset = UInt32(exactly: sectionOffset + places[old] * Instruction.size)
            else { return nil }
            result.coreRelocations[index].instructionOffset = offset
        }
        return result
    }
}

extension Instruction {
    /// Whether it goes to another place of its function.
    fileprivate var jumpsByDistance: Bool {
        switch opcode & 0x07 {
        case 0x05, 0x06: opcode & 0xf0 != 0x80 && opcode & 0xf0 != 0x90
        default: false
        }
    }

    /// The jump as it must be once every instruction lies in its new place.
    fileprivate func moved(from index: Int, _ places: [Int]) -> Instruction? {
        // Opcode 0x0d takes its target from a register, by a table that is not known here.
        guard opcode != 0x0d else { return nil }
        // A jump of the 32-bit class without a condition keeps its distance in the immediate (gotol).
        let isLong = opcode == 0x06
        let target = index + 1 + (isLong ? Int(immediate) : Int(offset))
        guard places.indices.contains(target) else { return nil }
        let distance = places[target] - places[index] - 1
        var moved = self
        if isLong {
            guard let distance = Int32(exactly: distance) else { return nil }
            moved.immediate = distance
        } else {
            guard let distance = Int16(exactly: distance) else { return nil }
            moved.offset = distance
        }
        return moved
    }
}
