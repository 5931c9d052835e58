// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes

/// What a relocation asks for, worked out for one side: the object's own types or the target's.
struct COREValue {
    /// The answer; `nil` asks for the instruction to be poisoned.
    var value: UInt64?
    /// The size of the field in bytes, for relocations of its offset; 0 for bit fields.
    var fieldSize = 0
    /// The type of the field, where its size is known.
    var fieldType = BTFType.void
    /// Whether the instruction must hold the local value.
    var isValidated = true
    /// Whether the value comes from a 32-bit enumeration that does not say it is signed.
    var isUnsigned32 = false

    /// Works out the value; without a specification, that of a field or type that is not there.
    init(_ specification: CORESpecification?, kind: CORERelocationKind) throws(CORERelocationError) {
        switch kind {
        case .fieldExists, .enumeratorExists: value = specification == nil ? 0 : 1
        case .enumeratorValue:
            guard let specification else { return }
            try setEnumerator(specification)
        case .typeIDLocal, .typeIDTarget:
            value = UInt64(specification?.root.rawValue ?? 0)
            // Linking renumbers types without touching the code.
            isValidated = false
        case .typeExists, .typeMatches: value = specification == nil ? 0 : 1
        case .typeSize:
            value = 0
            if let specification { value = UInt64(try specification.types.size(specification.root)) }
        case .fieldByteOffset, .fieldByteSize, .fieldSigned, .fieldLeftShift, .fieldRightShift:
            guard let specification, let accessor = specification.accessors.last else { return }
            if accessor.name == nil {
                try setElement(specification, accessor, kind: kind)
            } else {
                try setField(specification, accessor, kind: kind)
            }
        }
    }

    private mutating func setEnumerator(_ specification: CORESpecification) throws(CORERelocationError) {
        guard let accessor = specification.accessors.first,
            case .enumeration(let enumeration) = try specification.types.type(accessor.type),
            enumeration.values.indices.contains(accessor.index)
        else { throw .malformed("the enumerator is not there") }
        value = UInt64(bitPattern: enumeration.values[accessor.index].value)
        isUnsigned32 = !enumeration.is64 && !enumeration.isSigned
    }

    private mutating func setElement(
        _ specification: CORESpecification, _ accessor: COREAccessor, kind: CORERelocationKind
    ) throws(CORERelocationError) {
        let size = try specification.types.size(accessor.type)
        switch kind {
        case .fieldByteOffset:
            value = UInt64(specification.bitOffset / 8)
            fieldSize = size
            fieldType = try specification.types.type(accessor.type)
        case .fieldByteSize: value = UInt64(size)
        default:
            throw CORERelocationError(.unsupported, "\(kind.name) cannot be asked of an array's element")
        }
    }

    private mutating func setField(
        _ specification: CORESpecification, _ accessor: COREAccessor, kind: CORERelocationKind
    ) throws(CORERelocationError) {
        let types = specification.types
        guard let members = try types.type(accessor.type).composite?.members,
            members.indices.contains(accessor.index)
        else { throw .malformed("the member is not there") }
        let member = members[accessor.index]
        let type = try types.resolved(member.type).type
        let isBitfield = member.bitfieldSize > 0
        let place =
            isBitfield
            ? try COREValue.bitfield(specification.bitOffset, width: Int(member.bitfieldSize), storage: type)
            : try COREValue.whole(specification.bitOffset, size: types.size(member.type))
        // Compilers may load a bit field in more than one way, so what the instruction holds need not be this value.
        isValidated = !isBitfield || kind == .fieldSigned || kind == .fieldRightShift
        switch kind {
        case .fieldByteOffset:
            value = UInt64(place.byteOffset)
            if !isBitfield {
                fieldSize = place.byteSize
                fieldType = type
            }
        case .fieldByteSize: value = UInt64(place.byteSize)
        case .fieldSigned:
            switch type {
            case .enumeration(let enumeration): value = enumeration.isSigned ? 1 : 0
            case .integer(let integer): value = integer.encoding.contains(.signed) ? 1 : 0
            default: value = 0
            }
        case .fieldLeftShift:
            let within = specification.bitOffset - place.byteOffset * 8
            let shift =
                types.table.order == .little
                ? 64 - (within + place.bits) : (8 - place.byteSize) * 8 + within
            value = UInt64(truncatingIfNeeded: shift)
        default: value = UInt64(truncatingIfNeeded: 64 - place.bits)
        }
    }

    private typealias Place = (byteOffset: Int, byteSize: Int, bits: Int)

    private static func whole(_ bitOffset: Int, size: Int) throws(CORERelocationError) -> Place {
        (bitOffset / 8, size, size * 8)
    }

    /// The smallest aligned integer that holds a whole bit field.
    private static func bitfield(
        _ bitOffset: Int, width: Int, storage: BTFType
    ) throws(CORERelocationError) -> Place {
        var size: Int
        switch storage {
        case .integer(let integer): size = Int(integer.size)
        case .enumeration(let enumeration): size = Int(enumeration.size)
        default: throw .malformed("a bit field is neither an integer nor an enumeration")
        }
        guard (1...16).contains(size) else { throw .malformed("a bit field is stored in \(size) bytes") }
        var offset = bitOffset / 8 / size * size
        while bitOffset + width - offset * 8 > size * 8 {
            guard size < 8 else {
                throw CORERelocationError(.unsupported, "the bit field cannot be read with one 64-bit load")
            }
            size *= 2
            offset = bitOffset / 8 / size * size
        }
        return (offset, size, width)
    }
}
