// SPDX-License-Identifier: Apache-2.0

import Bytes

extension ELFFile {
    /// The static symbols (`SHT_SYMTAB`), the reserved one at index 0 included; empty when the file has no table.
    ///
    /// - Throws: ``ELFError`` when an entry's name or section does not exist, and in a relocatable file when a symbol
    ///   reaches past its section's end.
    public func symbols() throws(ELFError) -> [ELFSymbol] {
        guard let table = try symbolTable(ofType: ELFSection.symbolTable) else { return [] }
        return try decode(table)
    }

    /// The symbols of the dynamic linker (`SHT_DYNSYM`); empty when the file has no table.
    ///
    /// - Throws: ``ELFError`` as ``symbols()``.
    public func dynamicSymbols() throws(ELFError) -> [ELFSymbol] {
        guard let table = try symbolTable(ofType: ELFSection.dynamicSymbolTable) else { return [] }
        return try decode(table)
    }

    /// The symbol table of a section type, to be read in place; `nil` when the file has none.
    ///
    /// - Parameter type: ``ELFSection/symbolTable`` or ``ELFSection/dynamicSymbolTable``.
    /// - Throws: ``ELFError`` when its entry size is not 24, when its strings are not a terminated string table, and
    ///   when there are two such tables.
    public func symbolTable(ofType type: UInt32) throws(ELFError) -> ELFSymbolTable? {
        let tables = sections.filter { $0.type == type }
        guard let section = tables.first else { return nil }
        guard tables.count == 1 else {
            throw ELFError(
                .unsupported, "the file has \(tables.count) symbol tables of one type", section: tables[1].name,
                offset: tables[1].offset)
        }
        guard section.entrySize == UInt64(ELFSymbolTable.entrySize),
            section.size.isMultiple(of: UInt64(ELFSymbolTable.entrySize))
        else {
            throw ELFError(
                .malformed,
                "a symbol table of \(section.size) bytes with entries of \(section.entrySize) bytes, not 24",
                section: section.name, offset: section.offset)
        }
        // In a file of debug information alone the table has a size but no bytes.
        if section.isZeroFilled { return nil }
        guard Int(section.link) < sections.count, section.link != 0 else {
            throw ELFError(
                .malformed, "the symbol table's strings are said to be in section \(section.link) of \(sections.count)",
                section: section.name, offset: section.offset)
        }
        let strings = try ELFTables.strings(sections[Int(section.link)], called: "symbol name table", in: bytes)
        let contents = try contents(of: section)
        var extended: OwnedBytes?
        if let indices = sections.first(where: {
            $0.type == ELFSection.extendedSymbolIndices && Int($0.link) == section.index
        }) {
            extended = try self.contents(of: indices)
        }
        return ELFSymbolTable(
            section: section, count: contents.count / ELFSymbolTable.entrySize, contents: contents, strings: strings,
            order: order, extendedIndices: extended)
    }

    private func decode(_ table: ELFSymbolTable) throws(ELFError) -> [ELFSymbol] {
        var symbols: [ELFSymbol] = []
        symbols.reserveCapacity(table.count)
        var nameBudget = ELFTables.nameBudget(table.strings)
        for index in 0..<table.count {
            guard let entry = table.entry(at: index) else { break }
            let symbol = try symbol(entry, at: index, in: table)
            nameBudget -= symbol.name.utf8.count
            guard nameBudget >= 0 else {
                throw ELFError(
                    .malformed, "the symbols' names are far longer together than the table that holds them",
                    section: table.section.name, offset: table.section.offset)
            }
            symbols.append(symbol)
        }
        return symbols
    }

    /// Turns a stored entry into a checked symbol.
    ///
    /// - Throws: ``ELFError`` as ``symbols()``.
    public func symbol(
        _ entry: ELFSymbolTable.Entry, at index: Int, in table: ELFSymbolTable
    ) throws(ELFError) -> ELFSymbol {
        let offset = table.section.offset &+ UInt64(truncatingIfNeeded: index &* ELFSymbolTable.entrySize)
        guard let name = table.name(of: entry) else {
            throw ELFError(
                .outOfBounds, "the name of symbol \(index) lies past the end of the symbol names",
                section: table.section.name, offset: offset)
        }
        let sectionIndex = table.sectionIndex(of: entry, at: index)
        if entry.rawSectionIndex == 0xffff, sectionIndex == nil {
            throw ELFError(
                .malformed, "symbol \(index) (\(name)) has an extended section index, but the file has no such indices",
                section: table.section.name, offset: offset)
        }
        if let sectionIndex {
            guard sectionIndex < sections.count else {
                throw ELFError(
                    .outOfBounds, "symbol \(index) (\(name)) is in section \(sectionIndex) of \(sections.count)",
                    section: table.section.name, offset: offset)
            }
            let home = sections[sectionIndex]
            if type == Self.relocatable, entry.value > home.size || entry.size > home.size - entry.value {
                throw ELFError(
                    .outOfBounds,
                    "symbol \(name.isEmpty ? "\(index)" : name) at \(entry.value) with \(entry.size) bytes reaches past "
                        + "the end of section \(home.name) (\(home.size) bytes)",
                    section: table.section.name, offset: offset)
            }
        }
        return ELFSymbol(
            index: index, name: name, value: entry.value, size: entry.size, type: entry.type, binding: entry.binding,
            visibility: .init(rawValue: entry.other & 3), sectionIndex: sectionIndex, isAbsolute: entry.isAbsolute,
            isCommon: entry.isCommon)
    }
}
