// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Diagnostics
import ELF

extension ObjectReader {
    /// How many bytes of data an object may have, in all sections together, since zeros need no bytes in the file; the
    /// kernel's own limit for one section is near 2 GiB.
    private static let maximumSize: UInt64 = 1 << 30

    /// Makes a map for each section of global variables, and lists the variables.
    mutating func readDataSections() throws(ObjectError) {
        var total: UInt64 = 0
        for section in file.sections {
            guard let access = Self.access(ofSection: section.name), section.isAllocated, section.size > 0 else {
                continue
            }
            let isZero = section.type == ELFSection.noBits
            let count = isZero ? section.size : UInt64(try contents(of: section).count)
            guard count <= Self.maximumSize - total, let size = UInt32(exactly: count) else {
                throw ObjectError(
                    .unsupported, "the object's data are larger than 1 GiB",
                    context: [.init("section", section.name), .init("size", section.size)])
            }
            total += count
            guard size > 0 else { continue }
            let bytes = isZero ? [UInt8](repeating: 0, count: Int(size)) : try contents(of: section).array
            var map = MapSpec(
                name: Self.mapName(ofSection: section.name, object: name), kind: .array, keySize: 4, valueSize: size,
                maximumEntries: 1)
            map.section = .init(name: section.name, access: access, contents: bytes)
            if let types, let id = types.firstID(named: section.name, kind: .dataSection) { map.valueType = id }
            // Programs may only read constants, and user space may map the others.
            map.flags = access == .readOnly ? MapFlags.readOnlyProgram : 0
            dataMaps[section.index] = map.name
            variables += try variables(of: section, map: map)
            maps.append(map)
        }
    }

    private static func access(ofSection name: String) -> MapSpec.DataSection.Access? {
        func matches(_ prefix: String) -> Bool { name == prefix || name.hasPrefix(prefix + ".") }
        if matches(".rodata") || name == ".data.rel.ro" { return .readOnly }
        if matches(".data") || matches(".bss") { return .readWrite }
        return nil
    }

    /// The plain sections carry the object's name, as `bpftool` users know them; others keep their own.
    static func mapName(ofSection section: String, object: String) -> String {
        switch section {
        case ".rodata", ".data", ".bss", ".kconfig": String(object.prefix(8)) + section
        default: section
        }
    }

    /// Lists a section's variables from its symbols; clang leaves the offsets in the types empty.
    func variables(of section: ELFSection, map: MapSpec) throws(ObjectError) -> [VariableSpec] {
        var typeByName: [String: BTFTypeID] = [:]
        // A linker tells where each variable is, and static ones of several files may have one name.
        var typeByPlace: [UInt32: BTFTypeID] = [:]
        if let list = try dataSectionType(named: section.name) {
            for entry in list.variables {
                guard case .variable(let variable) = try type(entry.type) else { continue }
                typeByName[variable.name] = variable.type
                if list.size > 0 { typeByPlace[entry.offset] = variable.type }
            }
        }
        let capacity = map.section?.contents.count ?? 0
        var found: [VariableSpec] = []
        for symbol in symbolsBySection[section.index] ?? [] where symbol.type == .object {
            guard let offset = Int(exactly: symbol.value), let size = Int(exactly: symbol.size), offset <= capacity,
                size <= capacity - offset
            else {
                throw ObjectError(
                    .malformed, "a variable lies past the end of its section",
                    context: [.init("section", section.name), .init("symbol", symbol.name)])
            }
            found.append(
                VariableSpec(
                    name: symbol.name, map: map.name, offset: offset, size: size,
                    type: typeByPlace[UInt32(clamping: offset)] ?? typeByName[symbol.name],
                    access: map.section?.access ?? .readWrite,
                    isGlobal: symbol.binding != .local))
        }
        return found.sorted { $0.offset < $1.offset }
    }
}
