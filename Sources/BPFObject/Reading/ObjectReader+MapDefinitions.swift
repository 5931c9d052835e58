// SPDX-License-Identifier: Apache-2.0

import BTF
import Diagnostics
import ELF

/// Maps that are defined by types: `struct { __uint(type, …); __type(key, …); } name SEC(".maps");`.
extension ObjectReader {
    /// How deep maps of maps may nest; the kernel allows one level.
    private static let maximumNesting = 1

    mutating func readMapDefinitions() throws(ObjectError) {
        for section in file.sections where section.name == ".maps" || section.name.hasPrefix(".maps.") {
            try readMapDefinitions(in: section)
        }
    }

    private mutating func readMapDefinitions(in section: ELFSection) throws(ObjectError) {
        let definitions = (symbolsBySection[section.index] ?? []).filter {
            $0.type != .section && $0.type != .file && !$0.name.hasPrefix(Self.legacyTypePrefix)
        }
        guard !definitions.isEmpty else { return }
        guard let list = try dataSectionType(named: section.name) else {
            throw ObjectError(
                .unsupported, "the maps are defined by types, but the object has no types for them",
                context: [.init("section", section.name)], hint: "compile with -g")
        }
        var typeByName: [String: BTFTypeID] = [:]
        for entry in list.variables {
            if case .variable(let variable) = try type(entry.type) { typeByName[variable.name] = variable.type }
        }
        let slots = try slotNames(in: section)
        var position = 0
        let sorted = definitions.sorted { $0.value < $1.value }
        for (number, symbol) in sorted.enumerated() {
            let next = number + 1 < sorted.count ? sorted[number + 1].value : .max
            guard symbol.size <= next - symbol.value, symbol.value < next else {
                throw ObjectError(
                    .malformed, "two definitions of maps overlap",
                    context: [.init("section", section.name), .init("map", symbol.name)])
            }
            guard let id = typeByName[symbol.name] else {
                throw ObjectError(
                    .malformed, "a map has no type",
                    context: [.init("section", section.name), .init("map", symbol.name)])
            }
            var map = try mapSpec(named: symbol.name, definition: id, nesting: 0)
            if let start = try offsetOfValues(in: id) {
                let (first, overflow) = symbol.value.addingReportingOverflow(start)
                guard !overflow else { continue }
                while position < slots.count, slots[position].0 < first { position += 1 }
                while position < slots.count, slots[position].0 < next {
                    let (offset, target) = slots[position]
                    position += 1
                    if let index = UInt32(exactly: (offset - first) / 8) {
                        map.initialSlots.append(MapSpec.InitialSlot(index: index, name: target))
                    }
                }
                if let last = map.initialSlots.map(\.index).max(), map.maximumEntries == 0 {
                    map.maximumEntries = last &+ 1
                }
            }
            definedMaps[MapLocation(section: section.index, offset: symbol.value)] = map.name
            maps.append(map)
        }
    }

    /// Which map or program each relocated word of the section names, in the order of the offsets.
    private func slotNames(in section: ELFSection) throws(ObjectError) -> [(UInt64, String)] {
        var slots: [(UInt64, String)] = []
        for relocation in try relocations(of: section) {
            guard symbols.indices.contains(relocation.symbolIndex) else {
                throw ObjectError(
                    .malformed, "a relocation names a symbol that does not exist",
                    context: [.init("section", section.name), .init("offset", relocation.offset)])
            }
            slots.append((relocation.offset, symbols[relocation.symbolIndex].name))
        }
        return slots.sorted { $0.0 < $1.0 }
    }

    /// Where the initial values start in a definition, in bytes.
    private func offsetOfValues(in id: BTFTypeID) throws(ObjectError) -> UInt64? {
        guard case (_, .structure(let definition)) = try resolvedType(id) else { return nil }
        return definition.members.first { $0.name == "values" }.map { UInt64($0.bitOffset / 8) }
    }

    private func mapSpec(named name: String, definition id: BTFTypeID, nesting: Int) throws(ObjectError) -> MapSpec {
        guard case (_, .structure(let definition)) = try resolvedType(id) else {
            throw ObjectError(.malformed, "a map is not defined by a struct", context: [.init("map", name)])
        }
        var map = MapSpec(name: name, kind: .init(rawValue: 0), keySize: 0, valueSize: 0, maximumEntries: 0)
        for member in definition.members {
            let context = [DiagnosticContext("map", name), DiagnosticContext("field", member.name)]
            switch member.name {
            case "type": map.kind = MapKind(rawValue: try number32(member.type, context))
            case "max_entries": map.maximumEntries = try number32(member.type, context)
            case "map_flags": map.flags = try number32(member.type, context)
            case "numa_node": map.numaNode = try number32(member.type, context)
            case "key_size": map.keySize = try number32(member.type, context)
            case "value_size": map.valueSize = try number32(member.type, context)
            case "map_extra": map.extra = try number(member.type, context)
            case "pinning":
                switch try number(member.type, context) {
                case 0: map.isPinnedByName = false
                case 1: map.isPinnedByName = true
                case let other:
                    throw ObjectError(.unsupported, "pinning \(other) is not known", context: context)
                }
            case "key":
                map.keyType = try pointee(member.type, context)
                map.keySize = try size32(of: map.keyType, context)
            case "value":
                map.valueType = try pointee(member.type, context)
                map.valueSize = try size32(of: map.valueType, context)
            case "values":
                guard nesting < Self.maximumNesting else {
                    throw ObjectError(.unsupported, "maps of maps nest deeper than one level", context: context)
                }
                map.keySize = map.keySize == 0 ? 4 : map.keySize
                map.valueSize = 4
                map.innerMap = try innerMap(member.type, of: name, nesting: nesting, context)
            default:
                throw ObjectError(
                    .unsupported, "the definition of map \(name) has a field \(member.name), which is not known",
                    context: context,
                    hint: "known are type, key, value, key_size, value_size, max_entries, map_flags, map_extra, "
                        + "numa_node, pinning and values")
            }
        }
        if map.kind.isObjectStorage || map.kind == .longestPrefixMatchTrie || map.kind == .resizableHash {
            map.flags |= MapFlags.noPreallocation
        }
        // A ring buffer's declared value is the type of its records; the kernel wants no sizes.
        if map.kind == .ringBuffer || map.kind == .userRingBuffer { (map.keySize, map.valueSize) = (0, 0) }
        if map.kind == .perfEventArray { (map.keySize, map.valueSize) = (4, 4) }
        if map.kind == .programArray || map.kind.holdsMaps {
            map.keySize = map.keySize == 0 ? 4 : map.keySize
            map.valueSize = 4
        }
        return map
    }

    /// What the `values` of a map of maps, or of a program array, may hold.
    private func innerMap(
        _ id: BTFTypeID, of name: String, nesting: Int, _ context: [DiagnosticContext]
    ) throws(ObjectError) -> InnerMapSpec? {
        guard case (_, .array(let array)) = try resolvedType(id),
            case (_, .pointer(let target)) = try resolvedType(array.element)
        else {
            throw ObjectError(.malformed, "the values of a map are not an array of pointers", context: context)
        }
        guard case (_, .structure) = try resolvedType(target) else { return nil }
        return InnerMapSpec(try mapSpec(named: name + ".inner", definition: target, nesting: nesting + 1))
    }

    /// A number written as `int (*field)[N]` (`__uint`) or as the value of an enumeration (`__ulong`).
    private func number(_ id: BTFTypeID, _ context: [DiagnosticContext]) throws(ObjectError) -> UInt64 {
        let (_, type) = try resolvedType(id)
        if case .enumeration(let enumeration) = type, let value = enumeration.values.first {
            return UInt64(bitPattern: value.value)
        }
        guard case .pointer(let target) = type, case (_, .array(let array)) = try resolvedType(target) else {
            // `__u32 type;` has a value only in the section's bytes, which loaders do not look at.
            let field = context.last.map { "\($0.value)" } ?? "a number"
            throw ObjectError(
                .malformed, "the field \(field) of a map definition is a plain variable, so its value cannot be told",
                context: context, hint: "write it as a type: __uint(\(field), …), or __ulong for more than 32 bits")
        }
        return UInt64(array.count)
    }

    private func number32(_ id: BTFTypeID, _ context: [DiagnosticContext]) throws(ObjectError) -> UInt32 {
        guard let value = UInt32(exactly: try number(id, context)) else {
            throw ObjectError(.malformed, "a number in a map definition has more than 32 bits", context: context)
        }
        return value
    }

    private func pointee(_ id: BTFTypeID, _ context: [DiagnosticContext]) throws(ObjectError) -> BTFTypeID {
        guard case (_, .pointer(let target)) = try resolvedType(id) else {
            throw ObjectError(.malformed, "a type in a map definition is not written with __type", context: context)
        }
        return target
    }

    private func size32(of id: BTFTypeID, _ context: [DiagnosticContext]) throws(ObjectError) -> UInt32 {
        guard let size = UInt32(exactly: try size(of: id)) else {
            throw ObjectError(.malformed, "a key or value is too large", context: context)
        }
        return size
    }
}
