// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import Bytes
import Testing

@testable import BPFObject

@Suite("Constants are written into instructions for kernels without global variables")
struct ConstantInlinerTests {
    private func function(_ code: [Instruction], variable: Int) -> FunctionSpec {
        FunctionSpec(
            name: "f", section: "socket", sectionOffset: 0, isGlobal: true, instructions: code,
            references: [.init(instruction: variable, target: .mapValue(map: "m.rodata", offset: 4))])
    }

    private let inliner = ConstantInliner(
        constants: ["m.rodata": [0, 0, 0, 0, 0x78, 0x56, 0x34, 0xf2, 1, 0, 0, 0, 2, 0, 0, 0]], order: .little)

    @Test("reads of every size become moves of their value")
    func sizes() {
        var function = function(
            [
                Instruction(opcode: 0x18, destination: 1, source: 2), Instruction(opcode: 0),
                Instruction(opcode: 0x61, destination: 2, source: 1),  // 32 bits
                Instruction(opcode: 0x69, destination: 3, source: 1),  // 16 bits
                Instruction(opcode: 0x71, destination: 4, source: 1, offset: 3),  // 8 bits
                Instruction(opcode: 0x61, destination: 1, source: 1, offset: 4),  // over the address itself
                Instruction(opcode: 0x61, destination: 5, source: 1, offset: 8), Instruction(opcode: 0x95),
            ], variable: 0)
        #expect(inliner.inline(&function) == 4)
        #expect(function.references.isEmpty)
        #expect(
            function.instructions[2]
                == Instruction(opcode: 0xb4, destination: 2, immediate: Int32(bitPattern: 0xf234_5678)))
        #expect(function.instructions[3] == Instruction(opcode: 0xb7, destination: 3, immediate: 0x5678))
        #expect(function.instructions[4] == Instruction(opcode: 0xb7, destination: 4, immediate: 0xf2))
        #expect(function.instructions[5] == Instruction(opcode: 0xb7, destination: 1, immediate: 1))
        // What is read through another pointer in the same register stays.
        #expect(function.instructions[6].opcode == 0x61)
    }

    @Test("nothing is assumed past a jump, a place that is jumped to, a call, or the section's end")
    func limits() {
        for middle in [
            Instruction(opcode: 0x15, destination: 2, offset: 0), Instruction(opcode: 0x85, immediate: 5),
        ] {
            var function = function(
                [
                    Instruction(opcode: 0x18, destination: 1, source: 2), Instruction(opcode: 0), middle,
                    Instruction(opcode: 0x61, destination: 2, source: 1), Instruction(opcode: 0x95),
                ], variable: 0)
            #expect(inliner.inline(&function) == 0)
        }
        var past = function(
            [
                Instruction(opcode: 0x18, destination: 1, source: 2), Instruction(opcode: 0),
                Instruction(opcode: 0x79, destination: 2, source: 1, offset: 8), Instruction(opcode: 0x95),
            ], variable: 0)
        #expect(inliner.inline(&past) == 0)
    }
}
