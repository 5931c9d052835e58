// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics

extension BTFTable {
    /// Decodes a type.
    ///
    /// - Throws: ``BTFError`` when the id is past the end, the kind is unknown, a name or field of it is damaged, or its
    ///   names are far longer together than the table.
    /// - Complexity: O(members).
    public func type(_ id: BTFTypeID) throws(BTFError) -> BTFType {
        var budget = nameBudget
        return try type(id, nameBudget: &budget)
    }

    /// Decodes a type and takes the bytes of its names from those that may be copied: names may share bytes, so that
    /// whoever keeps many types of a small table could otherwise need any amount of memory.
    ///
    /// - Parameter nameBudget: the bytes that are left; ``nameBudget`` for all types of a table.
    /// - Throws: ``BTFError`` as ``type(_:)``.
    public func type(_ id: BTFTypeID, nameBudget: inout Int) throws(BTFError) -> BTFType {
        if id == .void { return .void }
        guard let owner = owner(of: id) else { throw .unknownType(id, count: typeCount) }
        return try owner.decode(id, &nameBudget)
    }

    private func decode(_ id: BTFTypeID, _ budget: inout Int) throws(BTFError) -> BTFType {
        let reader = RecordReader(table: self, start: byteOffset(ofOwn: id))
        let info = try reader.word(4)
        let count = Int(info & 0xff_ffff)
        let flag = info >> 31 == 1
        // Bytes 8 to 11 are the size of some kinds and the referenced type of others.
        let last = try reader.word(8)
        guard let kind = BTFKind(rawValue: UInt8(truncatingIfNeeded: info >> 24 & 0x7f)) else {
            throw BTFError(
                .unsupported, "the kind of this type is not known", context: [DiagnosticContext("type", id.rawValue)])
        }
        switch kind {
        case .integer:
            let data = try reader.word(12)
            return .integer(
                BTFInteger(
                    name: try reader.text(0, &budget), size: last, bitOffset: UInt8(truncatingIfNeeded: data >> 16),
                    bits: UInt8(truncatingIfNeeded: data),
                    encoding: BTFInteger.Encoding(rawValue: UInt8(truncatingIfNeeded: data >> 24 & 0xf))))
        case .pointer: return .pointer(BTFTypeID(last))
        case .array:
            return .array(
                BTFArray(
                    element: BTFTypeID(try reader.word(12)), index: BTFTypeID(try reader.word(16)),
                    count: try reader.word(20)))
        case .structure, .union:
            let composite = BTFComposite(
                name: try reader.text(0, &budget), size: last,
                members: try members(reader, count: count, hasBitfields: flag, &budget))
            return kind == .structure ? .structure(composite) : .union(composite)
        case .enumeration, .enumeration64:
            return .enumeration(
                BTFEnumeration(
                    name: try reader.text(0, &budget), size: last, isSigned: flag, is64: kind == .enumeration64,
                    values: try enumerators(reader, count: count, isSigned: flag, is64: kind == .enumeration64, &budget)
                ))
        case .forward: return .forward(BTFForward(name: try reader.text(0, &budget), isUnion: flag))
        case .typedef: return .typedef(BTFNamedReference(name: try reader.text(0, &budget), type: BTFTypeID(last)))
        case .volatile: return .volatile(BTFTypeID(last))
        case .const: return .const(BTFTypeID(last))
        case .restrict: return .restrict(BTFTypeID(last))
        case .function:
            return .function(
                BTFFunction(
                    name: try reader.text(0, &budget), prototype: BTFTypeID(last),
                    linkage: try linkage(info & 0xff_ffff, of: id)))
        case .functionPrototype:
            return .functionPrototype(
                BTFFunctionPrototype(
                    result: BTFTypeID(last),
                    parameters: try list(count) { (index) throws(BTFError) in
                        BTFParameter(
                            name: try reader.text(12 + index * 8, &budget),
                            type: BTFTypeID(try reader.word(16 + index * 8)))
                    }))
        case .variable:
            return .variable(
                BTFVariable(
                    name: try reader.text(0, &budget), type: BTFTypeID(last),
                    linkage: try linkage(try reader.word(12), of: id)))
        case .dataSection:
            return .dataSection(
                BTFDataSection(
                    name: try reader.text(0, &budget), size: last,
                    variables: try list(count) { (index) throws(BTFError) in
                        BTFDataSectionVariable(
                            type: BTFTypeID(try reader.word(12 + index * 12)), offset: try reader.word(16 + index * 12),
                            size: try reader.word(20 + index * 12))
                    }))
        case .float: return .float(BTFFloat(name: try reader.text(0, &budget), size: last))
        case .declarationTag:
            return .declarationTag(
                BTFDeclarationTag(
                    name: try reader.text(0, &budget), type: BTFTypeID(last),
                    componentIndex: Int32(bitPattern: try reader.word(12)), isAttribute: flag))
        case .typeTag:
            return .typeTag(BTFTypeTag(name: try reader.text(0, &budget), type: BTFTypeID(last), isAttribute: flag))
        }
    }

    private func members(
        _ reader: RecordReader, count: Int, hasBitfields: Bool, _ budget: inout Int
    ) throws(BTFError) -> [BTFMember] {
        try list(count) { (index) throws(BTFError) in
            let start = 12 + index * 12
            let offset = try reader.word(start + 8)
            return BTFMember(
                name: try reader.text(start, &budget), type: BTFTypeID(try reader.word(start + 4)),
                bitOffset: hasBitfields ? offset & 0xff_ffff : offset,
                bitfieldSize: hasBitfields ? UInt8(truncatingIfNeeded: offset >> 24) : 0)
        }
    }

    private func enumerators(
        _ reader: RecordReader, count: Int, isSigned: Bool, is64: Bool, _ budget: inout Int
    ) throws(BTFError) -> [BTFEnumerator] {
        try list(count) { (index) throws(BTFError) in
            let start = 12 + index * (is64 ? 12 : 8)
            let low = try reader.word(start + 4)
            let value: Int64
            if is64 {
                value = Int64(bitPattern: UInt64(low) | UInt64(try reader.word(start + 8)) << 32)
            } else {
                value = isSigned ? Int64(Int32(bitPattern: low)) : Int64(low)
            }
            return BTFEnumerator(name: try reader.text(start, &budget), value: value)
        }
    }

    private func list<Element>(
        _ count: Int, _ element: (Int) throws(BTFError) -> Element
    ) throws(BTFError) -> [Element] {
        var elements: [Element] = []
        // The walk at opening made sure that `count` records are there.
        elements.reserveCapacity(count)
        for index in 0..<count { elements.append(try element(index)) }
        return elements
    }

    private func linkage(_ value: UInt32, of id: BTFTypeID) throws(BTFError) -> BTFLinkage {
        guard let linkage = BTFLinkage(rawValue: value) else {
            throw BTFError(
                .unsupported, "a function or variable has the unknown linkage \(value)",
                context: [DiagnosticContext("type", id.rawValue)])
        }
        return linkage
    }
}

/// Reads the fields of one record.
private struct RecordReader {
    let table: BTFTable
    let start: Int

    func word(_ offset: Int) throws(BTFError) -> UInt32 {
        guard let value = table.word(at: start + offset) else {
            throw .malformed("a type goes past the end of the type section", offset: start)
        }
        return value
    }

    func text(_ offset: Int, _ budget: inout Int) throws(BTFError) -> String {
        try table.string(at: try word(offset), budget: &budget)
    }
}
