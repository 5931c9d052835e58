// SPDX-License-Identifier: Apache-2.0

import Bytes

extension DWARFInformation {
    /// Decodes a type, one level deep.
    ///
    /// - Throws: ``DWARFError`` when its entry is malformed or describes no type.
    public func type(_ id: DWARFTypeID) throws(DWARFError) -> DWARFType {
        guard let entry = id.entry, entry < tree.entries.count else { return .void }
        let values = try tree.attributes(of: entry)
        let unit = tree.unit(of: entry)
        func name() throws(DWARFError) -> String { try tree.string(values[Attribute.name], in: unit) ?? "" }
        func target() throws(DWARFError) -> DWARFTypeID {
            DWARFTypeID(entry: try tree.entry(values[Attribute.type]))
        }
        switch tree.tag(of: entry) {
        case Tag.baseType:
            return .base(
                DWARFBaseType(
                    name: try name(), size: values[Attribute.byteSize]?.unsigned ?? 0,
                    encoding: .init(
                        rawValue: UInt8(truncatingIfNeeded: values[Attribute.encoding]?.unsigned ?? 0)),
                    bitSize: values[Attribute.bitSize]?.unsigned))
        case Tag.pointerType, Tag.referenceType, Tag.rvalueReferenceType: return .pointer(try target())
        case Tag.structureType, Tag.classType: return .structure(try composite(entry, values, name: try name()))
        case Tag.unionType: return .union(try composite(entry, values, name: try name()))
        case Tag.enumerationType:
            return .enumeration(try enumeration(entry, values, name: try name(), underlying: try target()))
        case Tag.arrayType: return .array(try array(entry, element: try target()))
        case Tag.typedef: return .typedef(name: try name(), try target())
        case Tag.constType: return .const(try target())
        case Tag.volatileType: return .volatile(try target())
        case Tag.restrictType: return .restrict(try target())
        case Tag.atomicType: return .atomic(try target())
        case Tag.subroutineType, Tag.subprogram: return .function(try functionType(entry, result: try target()))
        case Tag.unspecifiedType: return .unspecified(name: try name())
        case let tag:
            throw DWARFError(
                .unsupported, "an entry with tag \(tag) is no type that is known", section: ".debug_info",
                offset: Int(tree.entries[entry].offset))
        }
    }

    private func composite(
        _ entry: Int, _ values: AttributeValues, name: String
    ) throws(DWARFError) -> DWARFComposite {
        // In version 5 a declaration can name a type unit with the whole type.
        if case .signature? = values[Attribute.signature], let whole = try tree.entry(values[Attribute.signature]),
            whole != entry
        {
            let wholeValues = try tree.attributes(of: whole)
            if wholeValues[Attribute.signature] == nil { return try composite(whole, wholeValues, name: name) }
        }
        var members: [DWARFMember] = []
        for child in tree.children(of: entry) where tree.tag(of: child) == Tag.member {
            if let member = try member(child) { members.append(member) }
        }
        return DWARFComposite(
            name: name, size: values[Attribute.byteSize]?.unsigned ?? 0, members: members,
            isDeclaration: values.flag(Attribute.declaration))
    }

    /// A member; `nil` for a C++ static one, which is not in the structure.
    private func member(_ entry: Int) throws(DWARFError) -> DWARFMember? {
        let values = try tree.attributes(of: entry)
        if values.flag(Attribute.declaration) { return nil }
        let type = DWARFTypeID(entry: try tree.entry(values[Attribute.type]))
        let bitSize = values[Attribute.bitSize]?.unsigned
        let byteOffset = try memberOffset(values[Attribute.dataMemberLocation])
        var bitOffset = byteOffset &* 8
        if let data = values[Attribute.dataBitOffset]?.unsigned {
            bitOffset = data
        } else if let old = values[Attribute.bitOffset]?.unsigned, let bitSize {
            // The older way counts from the most significant bit of a storage unit.
            let storage: UInt64
            if let size = values[Attribute.byteSize]?.unsigned { storage = size } else { storage = try size(of: type) }
            let fromStart = tree.sections.order == .big ? old : storage &* 8 &- old &- bitSize
            bitOffset = bitOffset &+ fromStart
        }
        return DWARFMember(
            name: try tree.string(values[Attribute.name], in: tree.unit(of: entry)) ?? "", type: type,
            bitOffset: bitOffset, bitSize: bitSize, line: values[Attribute.declarationLine]?.unsigned ?? 0)
    }

    private func memberOffset(_ value: AttributeValue?) throws(DWARFError) -> UInt64 {
        guard case .block(let range)? = value else { return value?.unsigned ?? 0 }
        var cursor = Cursor(tree.sections.information, at: range.lowerBound, end: range.upperBound)
        // DW_OP_plus_uconst, which is how version 2 wrote offsets.
        guard try cursor.read(UInt8.self) == 0x23 else {
            throw cursor.error(.unsupported, "a member's place is computed")
        }
        return try cursor.unsignedLEB()
    }

    private func enumeration(
        _ entry: Int, _ values: AttributeValues, name: String, underlying: DWARFTypeID
    ) throws(DWARFError) -> DWARFEnumeration {
        var isSigned: Bool?
        if let base = try resolve(underlying).entry, tree.tag(of: base) == Tag.baseType {
            let encoding = try tree.attributes(of: base)[Attribute.encoding]?.unsigned ?? 0
            isSigned = DWARFBaseType.Encoding(rawValue: UInt8(truncatingIfNeeded: encoding)).isSigned
        }
        var enumerators: [DWARFEnumerator] = []
        var hasNegative = false
        for child in tree.children(of: entry) where tree.tag(of: child) == Tag.enumerator {
            let values = try tree.attributes(of: child)
            var value: Int64 = 0
            switch values[Attribute.constantValue] {
            case .signed(let number)?: value = number
            case .constant(let number, let size)?:
                value = Int64(bitPattern: number)
                if isSigned == true, size < 8 {
                    let unused = Int64(64 - size * 8)
                    value = (value << unused) >> unused
                }
            default: break
            }
            if value < 0 { hasNegative = true }
            enumerators.append(
                DWARFEnumerator(
                    name: try tree.string(values[Attribute.name], in: tree.unit(of: child)) ?? "", value: value))
        }
        return DWARFEnumeration(
            name: name, size: values[Attribute.byteSize]?.unsigned ?? 0, underlying: underlying,
            isSigned: isSigned ?? hasNegative, values: enumerators,
            isDeclaration: values.flag(Attribute.declaration))
    }

    private func array(_ entry: Int, element: DWARFTypeID) throws(DWARFError) -> DWARFArray {
        var counts: [UInt64?] = []
        for child in tree.children(of: entry) where tree.tag(of: child) == Tag.subrangeType {
            let values = try tree.attributes(of: child)
            if let count = values[Attribute.count] {
                counts.append(count.unsigned)
            } else if case .signed(let bound)? = values[Attribute.upperBound] {
                // An upper bound of -1 is an array without elements.
                counts.append(bound < -1 ? nil : UInt64(bitPattern: bound &+ 1))
            } else {
                counts.append(values[Attribute.upperBound]?.unsigned.map { $0 &+ 1 })
            }
        }
        return DWARFArray(element: element, counts: counts)
    }

    private func functionType(_ entry: Int, result: DWARFTypeID) throws(DWARFError) -> DWARFFunctionType {
        var parameters: [DWARFParameter] = []
        var isVariadic = false
        for child in tree.children(of: entry) {
            switch tree.tag(of: child) {
            case Tag.formalParameter:
                let values = try tree.attributes(of: child)
                parameters.append(
                    DWARFParameter(
                        name: try tree.inheritedName(of: child),
                        type: DWARFTypeID(entry: try tree.entry(values[Attribute.type]))))
            case Tag.unspecifiedParameters: isVariadic = true
            default: break
            }
        }
        return DWARFFunctionType(result: result, parameters: parameters, isVariadic: isVariadic)
    }
}
