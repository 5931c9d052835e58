// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import BPFInstruction

@Suite("Slots")
struct SlotTests {
    @Test("a slot has the kernel's layout in both byte orders")
    func layout() throws {
        let slot = Instruction(opcode: 0x61, destination: 1, source: 2, offset: -2, immediate: 0x0102_0304)
        #expect(Instruction.encode([slot], order: .little) == [0x61, 0x21, 0xfe, 0xff, 4, 3, 2, 1])
        #expect(Instruction.encode([slot], order: .big) == [0x61, 0x12, 0xff, 0xfe, 1, 2, 3, 4])
        #expect(MemoryLayout<Instruction>.size == 8)
        #expect(MemoryLayout<Instruction>.stride == 8)
        for order in [ByteOrder.little, .big] {
            let bytes = OwnedBytes(Instruction.encode([slot, slot], order: order))
            #expect(try Instruction.decode(bytes.span, order: order) == [slot, slot])
        }
        let bits = Instruction.encode([slot], order: .little)
        #expect(OwnedBytes(bits).span.integer(at: 0, as: UInt64.self, order: .little) == slot.rawBits)
        #expect(Instruction(rawBits: slot.rawBits) == slot)
    }

    @Test("code that ends within a slot is refused", arguments: [1, 7, 9, 15])
    func truncated(count: Int) throws {
        let bytes = OwnedBytes([UInt8](repeating: 0x95, count: count))
        let error = try #require(throws: InstructionError.self) { try Instruction.decode(bytes.span, order: .little) }
        #expect(error.code == .truncated)
        #expect(error.message.contains("\(count) bytes"))
    }

    @Test("an empty section holds no instructions")
    func empty() throws {
        #expect(try Instruction.decode(OwnedBytes([]).span, order: .little).isEmpty)
    }

    @Test("calls, jumps and wide loads are told apart")
    func kinds() {
        #expect(Instruction(opcode: 0x85, immediate: 1).isHelperCall)
        #expect(Instruction(opcode: 0x85, source: 1, immediate: 1).isLocalCall)
        #expect(Instruction(opcode: 0x85, source: 2, immediate: 1).isKernelFunctionCall)
        #expect(Instruction(opcode: 0x18, source: 4).isFunctionAddressLoad)
        #expect(!Instruction(opcode: 0x85).isJump)
        #expect(!Instruction(opcode: 0x95).isJump)
        #expect(Instruction(opcode: 0x95).isExit)
        #expect(Instruction(opcode: 0x05, offset: -3).jumpDistance == -3)
        #expect(Instruction(opcode: 0x06, immediate: 70000).jumpDistance == 70000)
        #expect(Instruction(opcode: 0xe5, offset: 2).isConditionalJump)
        #expect(Instruction(opcode: 0x16, offset: 2).isConditionalJump)
        #expect(Instruction(opcode: 0xb7, offset: 2).jumpDistance == nil)
        #expect(Instruction(opcode: 0x71).accessSize == 1)
        #expect(Instruction(opcode: 0x79).accessSize == 8)
    }
}
