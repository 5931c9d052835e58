// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Diagnostics
import ELF

/// Tables of functions for kernel subsystems: the variables of `.struct_ops` and `.struct_ops.link`.
extension ObjectReader {
    /// The largest table that is accepted, in bytes; those of Linux 7.2 have less than 1 KiB.
    private static let maximumTableSize = 1 << 16

    /// What a section's name says of the tables in it, or `nil` for other sections.
    private static func form(ofSection name: String) -> (isLinked: Bool, isOptional: Bool)? {
        let isOptional = name.hasPrefix("?")
        switch isOptional ? String(name.dropFirst()) : name {
        case ".struct_ops": return (false, isOptional)
        case ".struct_ops.link": return (true, isOptional)
        default: return nil
        }
    }

    mutating func readStructOps() throws(ObjectError) {
        for section in file.sections {
            guard let form = Self.form(ofSection: section.name) else { continue }
            try readStructOps(in: section, isLinked: form.isLinked, isOptional: form.isOptional)
        }
    }

    private mutating func readStructOps(
        in section: ELFSection, isLinked: Bool, isOptional: Bool
    ) throws(ObjectError) {
        let symbols = (symbolsBySection[section.index] ?? []).filter { $0.type == .object }
        guard !symbols.isEmpty else { return }
        guard let list = try dataSectionType(named: section.name) else {
            throw ObjectError(
                .unsupported, "tables of functions need their types, and the object has none for them",
                context: [.init("section", section.name)], hint: "compile with -g")
        }
        var typeByName: [String: BTFTypeID] = [:]
        for entry in list.variables {
            if case .variable(let variable) = try type(entry.type) { typeByName[variable.name] = variable.type }
        }
        let bytes = section.type == ELFSection.noBits ? nil : try contents(of: section).array
        var end = 0
        for symbol in symbols.sorted(by: { $0.value < $1.value }) {
            let context: [DiagnosticContext] = [.init("section", section.name), .init("symbol", symbol.name)]
            guard let declared = typeByName[symbol.name] else {
                throw ObjectError(.malformed, "a table of functions has no type", context: context)
            }
            let (id, type) = try resolvedType(declared)
            guard case .structure = type else {
                throw ObjectError(.malformed, "a table of functions is no structure", context: context)
            }
            let size = try size(of: id)
            guard size > 0, size <= Self.maximumTableSize, let start = Int(exactly: symbol.value), start >= end,
                let count = Int(exactly: section.size), start <= count, size <= count - start,
                bytes.map({ start + size <= $0.count }) ?? true
            else {
                throw ObjectError(.malformed, "a table of functions lies outside its section", context: context)
            }
            end = start + size
            var map = MapSpec(
                name: symbol.name, kind: .structOps, keySize: 4, valueSize: UInt32(size), maximumEntries: 1)
            map.structOps = StructOpsSpec(
                type: id, contents: bytes.map { Array($0[start..<start + size]) } ?? [UInt8](repeating: 0, count: size),
                isLinked: isLinked)
            map.isCreatedByDefault = !isOptional
            definedMaps[MapLocation(section: section.index, offset: symbol.value)] = map.name
            maps.append(map)
        }
    }

    /// Which programs the members name. Needs the functions, which are read later than the maps.
    mutating func readStructOpsFunctions() throws(ObjectError) {
        for section in file.sections where Self.form(ofSection: section.name) != nil {
            let tables = definedMaps.filter { $0.key.section == section.index }
            guard !tables.isEmpty else { continue }
            let bytes = try contents(of: section)
            for relocation in try relocations(of: section) {
                let context: [DiagnosticContext] = [
                    .init("section", section.name), .init("offset", relocation.offset),
                ]
                guard symbols.indices.contains(relocation.symbolIndex), let offset = Int(exactly: relocation.offset)
                else {
                    throw ObjectError(.malformed, "a relocation has a symbol that does not exist", context: context)
                }
                let symbol = symbols[relocation.symbolIndex]
                // A function that is local to its file is named by its section and the offset in the member's place.
                let addend =
                    symbol.type == .section
                    ? bytes.span.integer(at: offset, as: UInt64.self, order: file.order) ?? 0 : 0
                guard let target = symbol.sectionIndex,
                    let name = functionsBySection[target]?.first(where: {
                        UInt64($0.start) == symbol.value &+ addend
                    })?.name
                else {
                    throw ObjectError(
                        .malformed, "a member of a table of functions names \(symbol.name), which is no function",
                        context: context)
                }
                // The table that starts last before the place holds it.
                guard
                    let table = tables.filter({ $0.key.offset <= relocation.offset })
                        .max(by: { $0.key.offset < $1.key.offset }),
                    let map = maps.firstIndex(where: { $0.name == table.value }),
                    let place = Int(exactly: relocation.offset - table.key.offset),
                    let size = maps[map].structOps?.contents.count, place <= size - 8
                else {
                    throw ObjectError(.malformed, "a relocation lies outside of all tables", context: context)
                }
                maps[map].structOps?.functions[place] = name
                maps[map].structOps?.contents.replaceSubrange(
                    place..<place + 8, with: [UInt8](repeating: 0, count: 8))
            }
        }
    }
}
