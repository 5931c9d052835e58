// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import BTF
import Bytes

/// Makes small tables of types for CO-RE tests.
struct TypeFixture {
    var builder: BTFBuilder

    init(order: ByteOrder = .little, base: BTFTable? = nil) { builder = BTFBuilder(order: order, base: base) }

    mutating func int(_ name: String = "int", size: UInt32 = 4, signed: Bool = true) -> BTFTypeID {
        builder.add(.integer(BTFInteger(name: name, size: size, encoding: signed ? .signed : [])))
    }

    mutating func unsigned(_ size: UInt32) -> BTFTypeID { int("u\(size * 8)", size: size, signed: false) }

    mutating func pointer(to type: BTFTypeID) -> BTFTypeID { builder.add(.pointer(type)) }

    mutating func array(of type: BTFTypeID, _ count: UInt32) -> BTFTypeID {
        builder.add(.array(BTFArray(element: type, index: type, count: count)))
    }

    /// Members are (name, type, byte offset).
    @discardableResult
    mutating func structure(_ name: String, size: UInt32, _ members: [(String, BTFTypeID, UInt32)]) -> BTFTypeID {
        builder.add(
            .structure(
                BTFComposite(
                    name: name, size: size,
                    members: members.map { BTFMember(name: $0.0, type: $0.1, bitOffset: $0.2 * 8) })))
    }

    mutating func union(_ name: String, size: UInt32, _ members: [(String, BTFTypeID)]) -> BTFTypeID {
        builder.add(
            .union(
                BTFComposite(
                    name: name, size: size, members: members.map { BTFMember(name: $0.0, type: $0.1, bitOffset: 0) })))
    }

    @discardableResult
    mutating func enumeration(
        _ name: String, _ values: [(String, Int64)], signed: Bool = false, is64: Bool = false
    ) -> BTFTypeID {
        builder.add(
            .enumeration(
                BTFEnumeration(
                    name: name, size: is64 ? 8 : 4, isSigned: signed, is64: is64,
                    values: values.map { BTFEnumerator(name: $0.0, value: $0.1) })))
    }

    func table() throws -> BTFTable { try BTFTable(OwnedBytes(try builder.encode()), base: builder.base) }
}

/// Instructions that compilers put relocations on.
enum Code {
    static let poison = Instruction(opcode: 0x85, immediate: 0x0bad_2310)

    /// `r1 = value`
    static func move(_ value: Int32) -> Instruction { Instruction(opcode: 0xb7, destination: 1, immediate: value) }

    /// `r1 = *(r2 + offset)`; the size code is 0x00 for 4 bytes, 0x08 for 2, 0x10 for 1, 0x18 for 8.
    static func load(_ sizeCode: UInt8, _ offset: Int16) -> Instruction {
        Instruction(opcode: 0x61 | sizeCode, destination: 1, source: 2, offset: offset)
    }

    static func wide(_ value: UInt64) -> [Instruction] {
        [
            Instruction(opcode: 0x18, destination: 1, immediate: Int32(truncatingIfNeeded: value)),
            Instruction(opcode: 0, immediate: Int32(truncatingIfNeeded: value >> 32)),
        ]
    }
}

/// Relocates one instruction.
func relocate(
    _ instructions: [Instruction], _ kind: CORERelocationKind, _ type: BTFTypeID, _ access: String = "0",
    local: BTFTable, target: BTFTable?, modules: [CORETarget] = []
) throws -> (instructions: [Instruction], entry: COREReportEntry) {
    var code = instructions
    var relocator = CORERelocator(
        local: local, target: target.map { CORETarget(name: "vmlinux", table: $0) }, modules: { modules })
    let report = try relocator.relocate(
        &code, with: [CORERelocation(instructionOffset: 0, type: type, accessString: access, kind: kind)],
        program: "test")
    return (code, try report.first.orThrow())
}

struct Missing: Error {}

extension Optional {
    func orThrow() throws -> Wrapped {
        guard let self else { throw Missing() }
        return self
    }
}

/// The code of the error that a body throws.
func relocationErrorCode(_ body: () throws -> Void) -> CORERelocationError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? CORERelocationError)?.code
    }
}
