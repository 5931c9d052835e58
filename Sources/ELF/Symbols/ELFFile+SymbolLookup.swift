// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where a named symbol of an executable or library is: what a uprobe needs.
public struct ELFSymbolLocation: Sendable, Hashable {
    /// The name as in the file, with a version when the table has one.
    public let name: String
    /// The address without load bias.
    public let address: UInt64
    /// The byte offset in the file; `nil` when the address has no bytes in the file.
    public let fileOffset: UInt64?
    /// The size in bytes; 0 when unknown.
    public let size: UInt64
    /// What the symbol names.
    public let type: ELFSymbol.SymbolType
}

extension ELFFile {
    /// Finds a defined symbol by name, among the dynamic linker's first, then in the static table.
    ///
    /// `name` also finds `name@@V` (its default version) and, failing that, `name@V`; to ask for one version give the
    /// whole versioned name. Functions win over data, global symbols over local ones.
    ///
    /// - Complexity: O(number of symbols), without making strings.
    /// - Throws: ``ELFError`` when a symbol table is malformed.
    public func locate(symbol name: String) throws(ELFError) -> ELFSymbolLocation? {
        let bytes = [UInt8](name.utf8)
        guard !bytes.isEmpty else { return nil }
        // Only the dynamic table says which of several versions is the default one: linkers may write all of them
        // under one plain name into the static table.
        let dynamicTable = try symbolTable(ofType: ELFSection.dynamicSymbolTable)
        var oldVersion: ELFSymbolLocation?
        if let dynamicTable, let found = try best(in: dynamicTable, named: bytes) {
            let location = location(of: found.entry, in: dynamicTable)
            if found.match > .otherVersion { return location }
            oldVersion = location
        }
        if let table = try symbolTable(ofType: ELFSection.symbolTable), let found = try best(in: table, named: bytes) {
            return location(of: found.entry, in: table)
        }
        if let oldVersion { return oldVersion }
        // Dynamic symbols have their versions in a table of their own, so the name there is without one.
        if let at = bytes.firstIndex(of: 0x40), let version = try versionIndex(named: bytes[at...].drop { $0 == 0x40 }),
            let table = dynamicTable, let entry = try versioned(in: table, named: Array(bytes[..<at]), version: version)
        {
            return location(of: entry, in: table)
        }
        return nil
    }

    private func location(of entry: ELFSymbolTable.Entry, in table: ELFSymbolTable) -> ELFSymbolLocation {
        ELFSymbolLocation(
            name: table.name(of: entry) ?? "", address: entry.value, fileOffset: fileOffset(ofAddress: entry.value),
            size: entry.size, type: entry.type)
    }

    private func best(
        in table: ELFSymbolTable, named name: [UInt8]
    ) throws(ELFError) -> (entry: ELFSymbolTable.Entry, match: ELFSymbolTable.NameMatch)? {
        var found: (entry: ELFSymbolTable.Entry, match: ELFSymbolTable.NameMatch)?
        var bestScore = 0
        var versions: OwnedBytes?
        if table.section.type == ELFSection.dynamicSymbolTable,
            let section = sections.first(where: { $0.type == ELFSection.symbolVersions })
        {
            versions = try contents(of: section)
        }
        for index in 0..<table.count {
            guard let entry = table.entry(at: index), !entry.isUndefined, !entry.isAbsolute else { continue }
            var match = table.name(of: entry, matches: name)
            if match == .none { continue }
            // Bit 15 hides a version from the linker: it is not the default one.
            if let version = versions?.span.integer(at: index * 2, as: UInt16.self, order: order), version >> 15 != 0 {
                match = .otherVersion
            }
            let isCode = entry.type == .function || entry.type == .indirectFunction
            let score = match.rawValue * 4 + (isCode ? 2 : 0) + (entry.binding == .local ? 0 : 1)
            if score > bestScore {
                bestScore = score
                found = (entry, match)
            }
        }
        return found
    }

    private func versioned(
        in table: ELFSymbolTable, named name: [UInt8], version: UInt16
    ) throws(ELFError) -> ELFSymbolTable.Entry? {
        guard let section = sections.first(where: { $0.type == ELFSection.symbolVersions }) else { return nil }
        let versions = try contents(of: section)
        for index in 0..<table.count {
            guard let entry = table.entry(at: index), !entry.isUndefined,
                let stored = versions.span.integer(at: index * 2, as: UInt16.self, order: order)
            else { continue }
            if stored & 0x7fff == version, table.name(of: entry, matches: name) == .exact { return entry }
        }
        return nil
    }

    /// The index of a version that the file defines (`Elf64_Verdef`).
    private func versionIndex(named name: ArraySlice<UInt8>) throws(ELFError) -> UInt16? {
        guard let section = sections.first(where: { $0.type == ELFSection.versionDefinitions }),
            Int(section.link) < sections.count
        else { return nil }
        let strings = try ELFTables.strings(sections[Int(section.link)], called: "version name table", in: bytes)
        let reader = ELFReader(
            bytes: try contents(of: section), order: order, subject: "version definitions", section: section.name,
            base: section.offset)
        let wanted = String(decoding: name, as: UTF8.self)
        var at = 0
        // Each step goes forward by at least one definition's size, so the walk ends.
        while at < reader.bytes.count {
            let index = try reader.read(UInt16.self, at: at + 4)
            let names = Int(try reader.read(UInt32.self, at: at + 12))
            let next = Int(try reader.read(UInt32.self, at: at + 16))
            let nameOffset = try reader.read(UInt32.self, at: at + names)
            if strings.span.cString(at: Int(nameOffset)) == wanted { return index & 0x7fff }
            if next < 20 { break }
            at += next
        }
        return nil
    }
}
