// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Writes types one after the other.
struct TypeEncoder {
    private let order: ByteOrder
    private var strings: StringTable
    private var types: [UInt8] = []
    /// The kernel reads the member count from 16 bits.
    private static let maximumCount = 0xffff

    init(order: ByteOrder, strings: StringTable) {
        self.order = order
        self.strings = strings
    }

    /// Copies records that do not change.
    mutating func copy(_ bytes: OwnedBytes, _ range: Range<Int>) throws(BTFError) {
        guard !range.isEmpty else { return }
        guard let records = bytes.span.bytes(at: range.lowerBound, count: range.count) else {
            throw .malformed("the types go past the end of the section")
        }
        types.append(contentsOf: records)
    }

    mutating func append(_ type: BTFType) throws(BTFError) {
        switch type {
        case .void: throw BTFError(.wrongKind, "void is always type 0 and cannot be added")
        case .integer(let value):
            try common(value.name, .integer, last: value.size)
            word(UInt32(value.encoding.rawValue & 0xf) << 24 | UInt32(value.bitOffset) << 16 | UInt32(value.bits))
        case .pointer(let target): try common("", .pointer, last: target.rawValue)
        case .array(let array):
            try common("", .array, last: 0)
            word(array.element.rawValue)
            word(array.index.rawValue)
            word(array.count)
        case .structure(let composite): try append(composite, .structure)
        case .union(let composite): try append(composite, .union)
        case .enumeration(let enumeration): try append(enumeration)
        case .forward(let forward): try common(forward.name, .forward, flag: forward.isUnion, last: 0)
        case .typedef(let reference): try common(reference.name, .typedef, last: reference.type.rawValue)
        case .volatile(let target): try common("", .volatile, last: target.rawValue)
        case .const(let target): try common("", .const, last: target.rawValue)
        case .restrict(let target): try common("", .restrict, last: target.rawValue)
        case .function(let function):
            try common(
                function.name, .function, count: Int(function.linkage.rawValue), last: function.prototype.rawValue)
        case .functionPrototype(let prototype):
            try common("", .functionPrototype, count: prototype.parameters.count, last: prototype.result.rawValue)
            for parameter in prototype.parameters {
                word(try strings.offset(of: parameter.name))
                word(parameter.type.rawValue)
            }
        case .variable(let variable):
            try common(variable.name, .variable, last: variable.type.rawValue)
            word(variable.linkage.rawValue)
        case .dataSection(let section):
            try common(section.name, .dataSection, count: section.variables.count, last: section.size)
            for variable in section.variables {
                word(variable.type.rawValue)
                word(variable.offset)
                word(variable.size)
            }
        case .float(let float): try common(float.name, .float, last: float.size)
        case .declarationTag(let tag):
            try common(tag.name, .declarationTag, flag: tag.isAttribute, last: tag.type.rawValue)
            word(UInt32(bitPattern: tag.componentIndex))
        case .typeTag(let tag): try common(tag.name, .typeTag, flag: tag.isAttribute, last: tag.type.rawValue)
        }
    }

    private mutating func append(_ composite: BTFComposite, _ kind: BTFKind) throws(BTFError) {
        let hasBitfields = composite.members.contains { $0.bitfieldSize != 0 }
        try common(
            composite.name, kind, count: composite.members.count, flag: hasBitfields, last: composite.size)
        for member in composite.members {
            word(try strings.offset(of: member.name))
            word(member.type.rawValue)
            guard hasBitfields else {
                word(member.bitOffset)
                continue
            }
            guard member.bitOffset <= 0xff_ffff else {
                throw BTFError(.tooLarge, "a structure with bit fields has a member past its first 2 MiB")
            }
            word(UInt32(member.bitfieldSize) << 24 | member.bitOffset)
        }
    }

    private mutating func append(_ enumeration: BTFEnumeration) throws(BTFError) {
        try common(
            enumeration.name, enumeration.is64 ? .enumeration64 : .enumeration, count: enumeration.values.count,
            flag: enumeration.isSigned, last: enumeration.size)
        for enumerator in enumeration.values {
            word(try strings.offset(of: enumerator.name))
            word(UInt32(truncatingIfNeeded: enumerator.value))
            if enumeration.is64 {
                word(UInt32(truncatingIfNeeded: enumerator.value >> 32))
            } else if !(Int64(Int32.min)...Int64(UInt32.max)).contains(enumerator.value) {
                throw BTFError(.tooLarge, "the value \(enumerator.value) of \(enumerator.name) needs 64 bits")
            }
        }
    }

    private mutating func common(
        _ name: String, _ kind: BTFKind, count: Int = 0, flag: Bool = false, last: UInt32
    ) throws(BTFError) {
        guard count <= TypeEncoder.maximumCount else {
            throw BTFError(.tooLarge, "a type has \(count) members; at most \(TypeEncoder.maximumCount) can be written")
        }
        word(try strings.offset(of: name))
        word((flag ? 1 << 31 : 0) | UInt32(kind.rawValue) << 24 | UInt32(count))
        word(last)
    }

    private mutating func word(_ value: UInt32) { types.append(value, order: order) }

    func finish() throws(BTFError) -> [UInt8] {
        guard types.count <= Int(Int32.max) else {
            throw BTFError(.tooLarge, "the types are larger than 2 GiB")
        }
        return BTFHeader.section(types: types, strings: strings.bytes[...], order: order)
    }
}
