// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BPFInstruction

@Suite("Slots that are no instruction")
struct InvalidInstructionTests {
    private static let examples: [(Instruction, String)] = [
        (Instruction(opcode: 0xff), "there is no opcode 0xff"),
        (Instruction(opcode: 0xb7, destination: 11), "the destination register is r11"),
        (Instruction(opcode: 0xbf, destination: 1, source: 12), "the source register is r12"),
        (Instruction(opcode: 0xb7, source: 1), "opcode 0xb7 does not use the source field, but it is 1 and not 0"),
        (Instruction(opcode: 0xbf, immediate: 4), "does not use the immediate field, but it is 4"),
        (Instruction(opcode: 0x07, offset: 1), "does not use the offset field"),
        (Instruction(opcode: 0xd4, immediate: 8), "16, 32 or 64 bits, not in 8"),
        (Instruction(opcode: 0xbc, offset: 32), "a move of 32 bits cannot extend the sign of 32 bits"),
        (Instruction(opcode: 0xdb, immediate: 0x77), "there is no atomic operation 0x77"),
        (Instruction(opcode: 0xd3, immediate: 0), "works on 4 or 8 bytes, not on 1"),
        (Instruction(opcode: 0x85, source: 3), "a call has no source 3"),
        (Instruction(opcode: 0x99), "there is no opcode 0x99"),
        (Instruction(opcode: 0x95, offset: 1), "does not use the offset field"),
    ]

    @Test("the reason is exact", arguments: examples)
    func reasons(slot: Instruction, reason: String) throws {
        let error = try #require(throws: InstructionError.self) { try slot.decoded() }
        #expect(error.code == .invalidInstruction)
        #expect(error.message.contains(reason), "\(error.message)")
        let line = Disassembler().lines(of: [slot])[0]
        #expect(line.text.hasPrefix(".8byte 0x"))
        #expect(line.error?.slot == 0)
    }

    @Test("a wide load needs a proper second slot")
    func wideLoads() throws {
        let first = Instruction(opcode: 0x18, destination: 1, immediate: 5)
        #expect(throws: InstructionError.self) { try first.decoded() }
        #expect(throws: InstructionError.self) { try first.decoded(followedBy: Instruction(opcode: 0x95)) }
        #expect(throws: InstructionError.self) { try first.decoded(followedBy: Instruction(opcode: 0, source: 1)) }
        let map = Instruction(opcode: 0x18, destination: 1, source: 1, immediate: 5)
        #expect(throws: InstructionError.self) { try map.decoded(followedBy: Instruction(opcode: 0, immediate: 1)) }
        let unknown = Instruction(opcode: 0x18, source: 7)
        #expect(throws: InstructionError.self) { try unknown.decoded(followedBy: Instruction(opcode: 0)) }
        let lines = Disassembler().lines(of: [first])
        #expect(lines[0].error?.code == .truncated)
    }
}
