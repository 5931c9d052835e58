// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Schema

/// Builds types for tests.
final class TypeFixture {
    var builder: BTFBuilder
    let order: ByteOrder

    init(order: ByteOrder = .little) {
        builder = BTFBuilder(order: order)
        self.order = order
    }

    func integer(_ name: String, _ size: UInt32, signed: Bool = false) -> BTFTypeID {
        builder.add(
            .integer(
                BTFInteger(
                    name: name, size: size, bitOffset: 0, bits: UInt8(size * 8), encoding: signed ? .signed : [])))
    }

    func boolean() -> BTFTypeID {
        builder.add(.integer(BTFInteger(name: "_Bool", size: 1, bitOffset: 0, bits: 8, encoding: .boolean)))
    }

    func typedef(_ name: String, _ type: BTFTypeID) -> BTFTypeID {
        builder.add(.typedef(BTFNamedReference(name: name, type: type)))
    }

    func array(_ element: BTFTypeID, _ count: UInt32) -> BTFTypeID {
        builder.add(.array(BTFArray(element: element, index: element, count: count)))
    }

    func enumeration(_ name: String, _ values: [(String, Int64)], size: UInt32 = 4) -> BTFTypeID {
        builder.add(
            .enumeration(
                BTFEnumeration(
                    name: name, size: size, isSigned: false,
                    values: values.map { BTFEnumerator(name: $0.0, value: $0.1) })))
    }

    /// Members at byte offsets.
    func structure(_ name: String, _ size: UInt32, _ members: [(String, BTFTypeID, UInt32)]) -> BTFTypeID {
        builder.add(.structure(composite(name, size, members)))
    }

    func union(_ name: String, _ size: UInt32, _ members: [(String, BTFTypeID, UInt32)]) -> BTFTypeID {
        builder.add(.union(composite(name, size, members)))
    }

    /// Members at bit offsets with bit field widths.
    func bits(_ name: String, _ size: UInt32, _ members: [(String, BTFTypeID, UInt32, UInt8)]) -> BTFTypeID {
        builder.add(
            .structure(
                BTFComposite(
                    name: name, size: size,
                    members: members.map {
                        BTFMember(name: $0.0, type: $0.1, bitOffset: $0.2, bitfieldSize: $0.3)
                    })))
    }

    private func composite(_ name: String, _ size: UInt32, _ members: [(String, BTFTypeID, UInt32)]) -> BTFComposite {
        BTFComposite(
            name: name, size: size,
            members: members.map { BTFMember(name: $0.0, type: $0.1, bitOffset: $0.2 * 8, bitfieldSize: 0) })
    }

    func table() throws -> BTFTable {
        try BTFTable(OwnedBytes(builder.encode()))
    }

    func schema(_ type: BTFTypeID, name: String = "value", meanings: [String: Meaning] = [:]) throws -> RowSchema {
        try RowSchema(table: table(), type: type, name: name, meanings: meanings)
    }
}

extension RowSchema {
    /// Reads a column of bytes in an array.
    func value(of path: String, in bytes: [UInt8]) -> Value? {
        value(of: path, in: OwnedBytes(bytes).span)
    }

    func value(in bytes: [UInt8]) -> Value? {
        value(in: OwnedBytes(bytes).span)
    }

    func meaning(of path: String) -> Meaning? {
        columns.first { $0.path == path }?.meaning
    }
}
