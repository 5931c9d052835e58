// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BPFInstruction

@Suite("Slots, operations and text are the same thing")
struct RoundTripTests {
    private static let destinations: [UInt8] = [0, 10, 11]
    private static let sources: [UInt8] = [0, 1, 2, 4, 10, 11]
    private static let offsets: [Int16] = [0, 1, 8, 32, .min, .max]
    private static let immediates: [Int32] = [
        0, 1, 0x10, 0x20, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1, 0xf1, 0x100, 0x110, 0x1_0000, -1, .min, .max,
    ]

    /// Field combinations worth trying, for one opcode: no operation uses more than two of the last three fields.
    private static func slots(_ opcode: UInt8) -> [Instruction] {
        var slots: [Instruction] = []
        for destination in destinations {
            for source in sources {
                for offset in offsets {
                    for immediate in immediates where source == 0 || offset == 0 || immediate & 0xff0f == 0x100 {
                        slots.append(
                            Instruction(
                                opcode: opcode, destination: destination, source: source, offset: offset,
                                immediate: immediate))
                    }
                    slots.append(
                        Instruction(opcode: opcode, destination: destination, source: source, offset: offset))
                }
            }
        }
        return slots
    }

    @Test("encoding a decoded slot gives the slot back, for every opcode")
    func encodeDecode() throws {
        var valid = 0
        let second = Instruction(opcode: 0, immediate: -7)
        for opcode in UInt8.min...UInt8.max {
            for slot in Self.slots(opcode) {
                for next in [second, Instruction(opcode: 0)] {
                    guard let operation = try? slot.decoded(followedBy: next) else { continue }
                    valid += 1
                    let expected = operation.slotCount == 2 ? [slot, next] : [slot]
                    if operation.instructions != expected { Issue.record("\(slot) became \(operation)") }
                    if operation.slotCount == 1 { break }
                }
            }
        }
        #expect(valid > 10_000)
    }

    @Test("assembling a disassembled slot gives the slot back, valid or not", arguments: DisassemblyStyle.allCases)
    func assembleDisassemble(style: DisassemblyStyle) throws {
        for opcode in UInt8.min...UInt8.max {
            // One of many: text is slower than slots.
            let slots = Self.slots(opcode).enumerated().filter { $0.offset % 17 == Int(opcode % 17) }.map(\.element)
            let listing = Disassembler(style: style).listing(of: slots)
            let again = try Assembler.assemble(listing)
            if let difference = zip(slots, again).first(where: { $0 != $1 }) {
                Issue.record("\(difference.0) became \(difference.1)")
            }
            #expect(again.count == slots.count)
        }
    }

    @Test("wide loads keep their kind and both halves")
    func wideLoads() throws {
        let values: [WideValue] = [
            .constant(0), .constant(.max), .constant(1 << 63), .constant(0xffff_ffff), .constant(0x1_0000_0000),
            .map(descriptor: 5), .mapValue(descriptor: 5, offset: 16), .kernelVariable(id: 9, object: 0),
            .function(distance: -2), .mapIndex(0), .mapIndexValue(1, offset: 8),
        ]
        for value in values {
            let slots = Operation.wideLoad(destination: 3, value).instructions
            #expect(slots.count == 2)
            let text = Disassembler().lines(of: slots).map(\.text)
            #expect(text.count == 1)
            #expect(try Assembler.assemble(text[0]) == slots)
        }
    }

    @Test("any 64 bits are printed and read back")
    func randomBits() throws {
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        var slots: [Instruction] = []
        for _ in 0..<3_000 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            slots.append(Instruction(rawBits: state))
        }
        #expect(try Assembler.assemble(Disassembler().listing(of: slots)) == slots)
    }
}
