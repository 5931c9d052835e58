// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import BTF
import Bytes
import Testing

@Suite("CO-RE fields")
struct COREFieldTests {
    /// A structure with one unsigned field of 4 bytes at offset 0, and a target where it is elsewhere.
    private func pair(
        localSize: UInt32 = 4, targetSize: UInt32 = 4, signed: Bool = false, offset: UInt32 = 24
    ) throws -> (local: BTFTable, target: BTFTable, type: BTFTypeID) {
        var local = TypeFixture()
        let localInt = local.int("n", size: localSize, signed: signed)
        let type = local.structure("task___mine", size: 64, [("pid", localInt, 0)])
        var target = TypeFixture()
        let targetInt = target.int("n", size: targetSize, signed: signed)
        target.structure("task", size: 128, [("other", targetInt, 0), ("pid", targetInt, offset)])
        return (try local.table(), try target.table(), type)
    }

    @Test("A load's offset, an arithmetic constant and a 64-bit load take the target's offset")
    func offsets() throws {
        let (local, target, type) = try pair()
        let load = try relocate(
            [Code.load(0, 0)], .fieldByteOffset, type, "0:0", local: local, target: target)
        #expect(load.instructions == [Code.load(0, 24)])
        #expect(load.entry.accessor == "task___mine.pid")
        #expect(load.entry.targetValue == 24)
        #expect(load.entry.candidates.map(\.name) == ["task"])
        let move = try relocate([Code.move(0)], .fieldByteOffset, type, "0:0", local: local, target: target)
        #expect(move.instructions == [Code.move(24)])
        let wide = try relocate(Code.wide(0), .fieldByteOffset, type, "0:0", local: local, target: target)
        #expect(wide.instructions == Code.wide(24))
    }

    @Test("An unsigned field that grew is loaded with the wider instruction, one that shrank with the narrower")
    func resizing() throws {
        let codes: [UInt32: UInt8] = [1: 0x10, 2: 0x08, 4: 0x00, 8: 0x18]
        for (from, fromCode) in codes {
            for (to, toCode) in codes {
                let (local, target, type) = try pair(localSize: from, targetSize: to, offset: 24)
                let result = try relocate(
                    [Code.load(fromCode, 0)], .fieldByteOffset, type, "0:0", local: local, target: target)
                #expect(result.instructions == [Code.load(toCode, 24)], "\(from) to \(to) bytes")
            }
        }
    }

    @Test("A signed field of another size poisons loads but not additions")
    func signedResizing() throws {
        let (local, target, type) = try pair(localSize: 4, targetSize: 8, signed: true)
        let load = try relocate([Code.load(0, 0)], .fieldByteOffset, type, "0:0", local: local, target: target)
        #expect(load.instructions == [Code.poison])
        #expect(load.entry.poison == .unsafeSize(local: 4, target: 8))
        let move = try relocate([Code.move(0)], .fieldByteOffset, type, "0:0", local: local, target: target)
        #expect(move.instructions == [Code.move(24)])
    }

    @Test("A pointer of 4 bytes in the target is loaded with 4 bytes")
    func pointers() throws {
        var local = TypeFixture()
        let int = local.int()
        let type = local.structure("s", size: 8, [("next", local.pointer(to: int), 0)])
        var target = TypeFixture()
        let long = target.int("long", size: 4)
        target.structure("s", size: 8, [("next", target.pointer(to: long), 4)])
        let result = try relocate(
            [Code.load(0x18, 0)], .fieldByteOffset, type, "0:0", local: try local.table(), target: try target.table())
        #expect(result.instructions == [Code.load(0, 4)])
    }

    @Test("Size, existence and signedness of a field")
    func otherQuestions() throws {
        let (local, target, type) = try pair(targetSize: 8)
        func ask(_ kind: CORERelocationKind, _ expected: Int32) throws -> [Instruction] {
            try relocate([Code.move(expected)], kind, type, "0:0", local: local, target: target).instructions
        }
        #expect(try ask(.fieldByteSize, 4) == [Code.move(8)])
        #expect(try ask(.fieldExists, 1) == [Code.move(1)])
        #expect(try ask(.fieldSigned, 0) == [Code.move(0)])
        #expect(try ask(.fieldRightShift, 32) == [Code.move(0)])
        #expect(try ask(.fieldLeftShift, 32) == [Code.move(0)])
    }

    @Test(
        "A missing field poisons the load, both halves of a wide load, and answers 0 to the question of its existence")
    func missing() throws {
        var local = TypeFixture()
        let int = local.int()
        let type = local.structure("task", size: 8, [("gone", int, 4)])
        var target = TypeFixture()
        target.structure("task", size: 8, [("pid", target.int(), 4)])
        let (localTable, targetTable) = (try local.table(), try target.table())
        let load = try relocate(
            [Code.load(0, 4)], .fieldByteOffset, type, "0:0", local: localTable, target: targetTable)
        #expect(load.instructions == [Code.poison])
        #expect(load.entry.poison == .missing)
        #expect(load.entry.description.contains("task.gone"))
        let wide = try relocate(Code.wide(4), .fieldByteOffset, type, "0:0", local: localTable, target: targetTable)
        #expect(wide.instructions == [Code.poison, Code.poison])
        let exists = try relocate([Code.move(1)], .fieldExists, type, "0:0", local: localTable, target: targetTable)
        #expect(exists.instructions == [Code.move(0)])
        #expect(exists.entry.poison == nil)
    }

    @Test("A field is found in nested anonymous structures and unions")
    func anonymous() throws {
        var local = TypeFixture()
        let int = local.int()
        let type = local.structure("s", size: 4, [("deep", int, 0)])
        var target = TypeFixture()
        let targetInt = target.int()
        let inner = target.structure("", size: 8, [("first", targetInt, 0), ("deep", targetInt, 4)])
        let union = target.union("", size: 8, [("flat", targetInt), ("", inner)])
        target.structure("s", size: 24, [("start", targetInt, 0), ("", union, 16)])
        let result = try relocate(
            [Code.load(0, 0)], .fieldByteOffset, type, "0:0", local: try local.table(), target: try target.table())
        #expect(result.instructions == [Code.load(0, 20)])
    }

    @Test("Array elements move with the element's size; an index past the end of the target's array is missing")
    func arrays() throws {
        var local = TypeFixture()
        let byte = local.unsigned(4)
        let type = local.structure("s", size: 16, [("a", local.array(of: byte, 4), 0)])
        var target = TypeFixture()
        let wide = target.unsigned(8)
        target.structure("s", size: 24, [("x", wide, 0), ("a", target.array(of: wide, 2), 8)])
        let (localTable, targetTable) = (try local.table(), try target.table())
        let inside = try relocate(
            [Code.load(0, 4)], .fieldByteOffset, type, "0:0:1", local: localTable, target: targetTable)
        #expect(inside.instructions == [Code.load(0x18, 16)])
        #expect(inside.entry.accessor == "s.a[1]")
        let outside = try relocate(
            [Code.load(0, 12)], .fieldByteOffset, type, "0:0:3", local: localTable, target: targetTable)
        #expect(outside.instructions == [Code.poison])
        #expect(
            relocationErrorCode {
                _ = try relocate(
                    [Code.load(0, 16)], .fieldByteOffset, type, "0:0:4", local: localTable, target: targetTable)
            } == .malformed)
    }

    @Test("A flexible array at the end may be indexed at will, one in the middle may not")
    func flexibleArrays() throws {
        var target = TypeFixture()
        let targetInt = target.unsigned(4)
        target.structure("s", size: 8, [("n", targetInt, 0), ("a", target.array(of: targetInt, 0), 8)])
        var local = TypeFixture()
        let int = local.unsigned(4)
        let empty = local.array(of: int, 0)
        let type = local.structure("s", size: 4, [("n", int, 0), ("a", empty, 4)])
        let middle = local.structure("s___middle", size: 4, [("a", empty, 0), ("n", int, 0)])
        let (localTable, targetTable) = (try local.table(), try target.table())
        let result = try relocate(
            [Code.load(0, 24)], .fieldByteOffset, type, "0:1:5", local: localTable, target: targetTable)
        #expect(result.instructions == [Code.load(0, 28)])
        #expect(
            relocationErrorCode {
                _ = try relocate(
                    [Code.load(0, 20)], .fieldByteOffset, middle, "0:0:5", local: localTable, target: targetTable)
            } == .malformed)
    }

    @Test("Bit fields: load offset, load size and both shifts, in either byte order")
    func bitfields() throws {
        for order in [ByteOrderCase.little, .big] {
            var local = TypeFixture(order: order.value)
            let int = local.unsigned(4)
            let type = local.builder.add(
                .structure(
                    BTFComposite(
                        name: "s", size: 4,
                        members: [BTFMember(name: "flag", type: int, bitOffset: 3, bitfieldSize: 5)])))
            var target = TypeFixture(order: order.value)
            let targetInt = target.unsigned(4)
            target.builder.add(
                .structure(
                    BTFComposite(
                        name: "s", size: 16,
                        members: [BTFMember(name: "flag", type: targetInt, bitOffset: 77, bitfieldSize: 5)])))
            let (localTable, targetTable) = (try local.table(), try target.table())
            func ask(_ kind: CORERelocationKind, _ held: Int32) throws -> Int32 {
                try relocate([Code.move(held)], kind, type, "0:0", local: localTable, target: targetTable)
                    .instructions[0].immediate
            }
            #expect(try ask(.fieldByteOffset, 0) == 8)
            #expect(try ask(.fieldByteSize, 4) == 4)
            #expect(try ask(.fieldRightShift, 59) == 59)
            // Bits 13 to 17 of the four bytes at offset 8.
            #expect(try ask(.fieldLeftShift, 56) == (order == .little ? 64 - 18 : 32 + 13))
        }
    }

    @Test("A bit field that crosses its storage is read with a wider load; one that no load can read is an error")
    func straddlingBitfields() throws {
        var local = TypeFixture()
        let int = local.unsigned(4)
        func members(_ type: BTFTypeID, _ offset: UInt32, _ bits: UInt8) -> BTFComposite {
            BTFComposite(
                name: "s", size: 16, members: [BTFMember(name: "f", type: type, bitOffset: offset, bitfieldSize: bits)])
        }
        let type = local.builder.add(.structure(members(int, 0, 8)))
        var crossing = TypeFixture()
        let crossingInt = crossing.unsigned(4)
        crossing.builder.add(.structure(members(crossingInt, 28, 8)))
        let localTable = try local.table()
        let result = try relocate(
            [Code.move(4)], .fieldByteSize, type, "0:0", local: localTable, target: try crossing.table())
        #expect(result.instructions == [Code.move(8)])
        var impossible = TypeFixture()
        let impossibleInt = impossible.unsigned(4)
        impossible.builder.add(.structure(members(impossibleInt, 60, 8)))
        let impossibleTable = try impossible.table()
        #expect(
            relocationErrorCode {
                _ = try relocate(
                    [Code.move(4)], .fieldByteSize, type, "0:0", local: localTable, target: impossibleTable)
            } == .unsupported)
    }

    @Test(
        "An instruction that does not hold what the compiler put there is refused, and the error names the relocation")
    func validation() throws {
        let (local, target, type) = try pair()
        for instructions in [[Code.load(0, 8)], [Code.move(8)], Code.wide(8)] {
            #expect(
                relocationErrorCode {
                    _ = try relocate(instructions, .fieldByteOffset, type, "0:0", local: local, target: target)
                } == .unexpectedInstruction)
        }
        do {
            _ = try relocate([Code.move(8)], .fieldByteOffset, type, "0:0", local: local, target: target)
            Issue.record("the relocation was accepted")
        } catch let error as CORERelocationError {
            for word in ["program test", "instruction 0", "task___mine.pid", "0:0"] {
                #expect("\(error)".contains(word))
            }
        }
    }

    @Test("Registers as operands, jumps, and offsets past 32,767 are refused")
    func refusals() throws {
        let (local, target, type) = try pair(offset: 40_000)
        func code(_ instruction: Instruction) -> CORERelocationError.Code? {
            relocationErrorCode {
                _ = try relocate([instruction], .fieldByteOffset, type, "0:0", local: local, target: target)
            }
        }
        #expect(code(Code.load(0, 0)) == .outOfRange)
        #expect(code(Instruction(opcode: 0xbf)) == .unexpectedInstruction)
        #expect(code(Instruction(opcode: 0x95)) == .unexpectedInstruction)
        #expect(code(Code.wide(0)[0]) == .unexpectedInstruction)
    }
}

enum ByteOrderCase {
    case little, big
    var value: ByteOrder { self == .little ? .little : .big }
}
