// SPDX-License-Identifier: Apache-2.0

extension DWARFInformation {
    /// No source nests type names or arrays deeper.
    private static let longestChain = 64

    /// The type behind typedefs and qualifiers.
    ///
    /// - Throws: ``DWARFError`` when they go in a circle.
    public func resolve(_ id: DWARFTypeID) throws(DWARFError) -> DWARFTypeID {
        var current = id
        for _ in 0..<Self.longestChain {
            guard let entry = current.entry, entry < tree.entries.count else { return .void }
            switch tree.tag(of: entry) {
            case Tag.typedef, Tag.constType, Tag.volatileType, Tag.restrictType, Tag.atomicType:
                let values = try tree.attributes(of: entry)
                current = DWARFTypeID(entry: try tree.entry(values[Attribute.type]))
            default: return current
            }
        }
        throw tooDeep(id)
    }

    /// The size of a value in bytes; 0 for `void`, functions and arrays without a fixed count.
    ///
    /// - Throws: ``DWARFError`` when the type contains itself or its size exceeds 64 bits.
    public func size(of id: DWARFTypeID) throws(DWARFError) -> UInt64 {
        var current = id
        var factor: UInt64 = 1
        for _ in 0..<Self.longestChain {
            let size: UInt64
            current = try resolve(current)
            guard let entry = current.entry else { return 0 }
            switch tree.tag(of: entry) {
            case Tag.arrayType:
                guard case .array(let array) = try type(current) else { return 0 }
                for count in array.counts {
                    let (product, overflow) = factor.multipliedReportingOverflow(by: count ?? 0)
                    if overflow { throw tooDeep(id) }
                    factor = product
                }
                current = array.element
                continue
            case Tag.pointerType, Tag.referenceType, Tag.rvalueReferenceType:
                size =
                    try tree.attributes(of: entry)[Attribute.byteSize]?.unsigned
                    ?? UInt64(tree.unit(of: entry).encoding.addressSize)
            case Tag.structureType, Tag.unionType, Tag.classType:
                let values = try tree.attributes(of: entry)
                // A declaration can name a type unit with the whole type.
                let whole = try tree.entry(values[Attribute.signature]) ?? entry
                size = try tree.attributes(of: whole)[Attribute.byteSize]?.unsigned ?? 0
            default: size = try tree.attributes(of: entry)[Attribute.byteSize]?.unsigned ?? 0
            }
            let (product, overflow) = factor.multipliedReportingOverflow(by: size)
            if overflow { throw tooDeep(id) }
            return product
        }
        throw tooDeep(id)
    }

    /// The name of a type; empty when it has none, as pointers and arrays.
    public func name(of id: DWARFTypeID) throws(DWARFError) -> String {
        guard let entry = id.entry, entry < tree.entries.count else { return "" }
        return try tree.string(try tree.attributes(of: entry)[Attribute.name], in: tree.unit(of: entry)) ?? ""
    }

    /// All types of a name: structures, unions, enumerations, typedefs and base types, whole ones before declarations.
    ///
    /// The name may start with `struct `, `union ` or `enum `, which then restricts the kind.
    /// - Complexity: O(number of entries).
    public func types(named name: String) throws(DWARFError) -> [DWARFTypeID] {
        var wanted: Set<UInt16> = [
            Tag.structureType, Tag.classType, Tag.unionType, Tag.enumerationType, Tag.typedef, Tag.baseType,
        ]
        var plain = name[...]
        let kinds: [(String, Set<UInt16>)] = [
            ("struct ", [Tag.structureType, Tag.classType]), ("union ", [Tag.unionType]),
            ("enum ", [Tag.enumerationType]),
        ]
        for (prefix, tags) in kinds where name.hasPrefix(prefix) {
            wanted = tags
            plain = name.dropFirst(prefix.count)
        }
        guard !plain.isEmpty else { return [] }
        var whole: [DWARFTypeID] = []
        var declared: [DWARFTypeID] = []
        for entry in tree.entries.indices where wanted.contains(tree.tag(of: entry)) {
            let values = try tree.attributes(of: entry)
            guard let found = try tree.string(values[Attribute.name], in: tree.unit(of: entry)), found == plain else {
                continue
            }
            if values.flag(Attribute.declaration) {
                declared.append(DWARFTypeID(entry: entry))
            } else {
                whole.append(DWARFTypeID(entry: entry))
            }
        }
        return whole + declared
    }

    /// The structure or union of a name, whole rather than only declared; also found by a typedef's name.
    ///
    /// - Complexity: O(number of entries).
    public func structure(named name: String) throws(DWARFError) -> DWARFTypeID? {
        let candidates = try types(named: name)
        func isComposite(_ id: DWARFTypeID) -> Bool {
            guard let entry = id.entry else { return false }
            return [Tag.structureType, Tag.unionType, Tag.classType].contains(tree.tag(of: entry))
        }
        if let found = candidates.first(where: isComposite) { return found }
        for candidate in candidates {
            let resolved = try resolve(candidate)
            if isComposite(resolved) { return resolved }
        }
        return nil
    }

    /// The whole type of one that is only declared, looked up by name; the type itself when it is whole or has no match.
    public func definition(of id: DWARFTypeID) throws(DWARFError) -> DWARFTypeID {
        let resolved = try resolve(id)
        guard let entry = resolved.entry, try tree.attributes(of: entry).flag(Attribute.declaration) else {
            return resolved
        }
        let tag = tree.tag(of: entry)
        let name = try name(of: resolved)
        return try types(named: name).first { $0.entry.map { tree.tag(of: $0) == tag } ?? false } ?? resolved
    }

    private func tooDeep(_ id: DWARFTypeID) -> DWARFError {
        DWARFError(
            .malformed, "a type contains itself or is larger than 64 bits can say", section: ".debug_info",
            offset: id.entry.map { Int(tree.entries[$0].offset) })
    }
}
