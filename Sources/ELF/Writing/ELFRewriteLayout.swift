// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What stays of a file that is rewritten, and the new number of each section and symbol.
struct ELFRewriteLayout {
    let file: ELFFile
    let replacements: [Int: [UInt8]]
    /// The sections that stay, in order; starts with the null section.
    let sections: [ELFSection]
    /// New index of each old section that stays.
    let sectionNumbers: [Int: Int]
    /// The symbols that stay, in order.
    let symbols: [ELFSymbol]
    /// New index of each old symbol that stays.
    let symbolNumbers: [Int: Int]
    let symbolTableIndex: Int?
    /// The table that will hold all names: the sections', else the symbols'.
    let mainStringTable: Int

    init(_ rewriter: ELFRewriter) throws(ELFError) {
        let file = rewriter.file
        self.file = file
        replacements = rewriter.replacements
        let table = file.sections.first { $0.type == ELFSection.symbolTable }
        symbolTableIndex = table?.index
        mainStringTable = file.nameTableIndex != 0 ? file.nameTableIndex : Int(table?.link ?? 0)
        let kept = file.sections.filter { section in
            if rewriter.dropped.contains(section.index) { return false }
            guard Self.isRelocations(section) else { return true }
            let target = Int(section.info)
            return !rewriter.dropped.contains(target) && rewriter.replacements[target] == nil
        }
        try file.requireSeparateSections()
        sections = kept
        var numbers: [Int: Int] = [:]
        for (new, section) in kept.enumerated() { numbers[section.index] = new }
        sectionNumbers = numbers
        for needed in [table?.index, table.map { Int($0.link) }, file.nameTableIndex] {
            if let needed, numbers[needed] == nil {
                throw ELFError(
                    .wrongKind, "the symbol table and the name tables cannot be left out",
                    section: needed < file.sections.count ? file.sections[needed].name : nil)
            }
        }
        let keptSymbols = try file.symbols().filter { symbol in
            symbol.sectionIndex.map { numbers[$0] != nil } ?? true
        }
        symbols = keptSymbols
        var symbolNumbers: [Int: Int] = [:]
        for (new, symbol) in keptSymbols.enumerated() { symbolNumbers[symbol.index] = new }
        self.symbolNumbers = symbolNumbers
    }

    static func isRelocations(_ section: ELFSection) -> Bool {
        section.type == ELFSection.relocations || section.type == ELFSection.relocationsWithAddends
    }

    /// What stays, as a file that is to be written.
    func writer(adding additions: [ELFWriter.Section]) throws(ELFError) -> ELFWriter {
        var writer = ELFWriter(order: file.order, machine: file.machine, flags: file.flags)
        var stringTables: Set<Int> = [file.nameTableIndex]
        if let symbolTableIndex { stringTables.insert(Int(file.sections[symbolTableIndex].link)) }
        for section in sections where section.index != 0 {
            let contents = try contents(of: section, stringTables: stringTables)
            var description = ELFWriter.Section(
                name: section.name, contents: contents, type: section.type, flags: section.flags,
                alignment: section.alignment, entrySize: section.entrySize)
            if section.link != 0, case .bytes = contents {
                guard let number = sectionNumbers[Int(section.link)] else {
                    throw ELFError(
                        .notFound,
                        "the section is linked to section \(section.link), which is left out or does not exist",
                        section: section.name, offset: section.offset)
                }
                description.link = number
            }
            description.information = section.info
            writer.add(description)
        }
        for addition in additions { writer.add(addition) }
        for symbol in symbols where symbol.index != 0 {
            var home = ELFWriter.Symbol.Home.undefined
            if symbol.isAbsolute { home = .absolute }
            if symbol.isCommon { home = .common }
            if let old = symbol.sectionIndex, let number = sectionNumbers[old] { home = .section(number) }
            writer.add(
                ELFWriter.Symbol(
                    name: symbol.name, home: home, value: symbol.value, size: symbol.size, type: symbol.type,
                    binding: symbol.binding, visibility: symbol.visibility))
        }
        return writer
    }

    private func contents(of section: ELFSection, stringTables: Set<Int>) throws(ELFError) -> ELFWriter.Contents {
        if section.isZeroFilled { return .zeros(section.size) }
        if let replacement = replacements[section.index] { return .bytes(replacement) }
        // Both tables of names become one.
        if section.index == mainStringTable { return .strings }
        if stringTables.contains(section.index) { return .bytes([]) }
        if section.index == symbolTableIndex { return .symbols }
        if Self.isRelocations(section) { return try relocations(section) }
        if section.type == ELFSection.group { return try group(section) }
        return .bytes(try file.contents(of: section).array)
    }

    /// A relocation table with its symbols renumbered.
    private func relocations(_ section: ELFSection) throws(ELFError) -> ELFWriter.Contents {
        let withAddends = section.type == ELFSection.relocationsWithAddends
        let entrySize = withAddends ? 24 : 16
        guard section.entrySize == UInt64(entrySize), section.size.isMultiple(of: UInt64(entrySize)) else {
            throw ELFError(
                .malformed, "relocations of \(section.size) bytes with entries of \(section.entrySize) bytes",
                section: section.name, offset: section.offset)
        }
        guard let target = sectionNumbers[Int(section.info)] else {
            throw ELFError(
                .notFound, "the relocations apply to section \(section.info), which does not exist",
                section: section.name, offset: section.offset)
        }
        let reader = ELFReader(
            bytes: try file.contents(of: section), order: file.order, subject: "relocation table",
            section: section.name, base: section.offset)
        var relocations: [ELFWriter.Relocation] = []
        relocations.reserveCapacity(reader.bytes.count / entrySize)
        for at in stride(from: 0, to: reader.bytes.count, by: entrySize) {
            let information = try reader.read(UInt64.self, at: at + 8)
            let symbol = try symbolNumber(Int(information >> 32), section, at: at)
            relocations.append(
                ELFWriter.Relocation(
                    offset: try reader.read(at: at), type: UInt32(truncatingIfNeeded: information), symbol: symbol,
                    addend: withAddends ? try reader.read(at: at + 16) : 0))
        }
        return .relocations(relocations, of: target, withAddends: withAddends)
    }

    /// A section group with its members renumbered; members that are left out are dropped.
    private func group(_ section: ELFSection) throws(ELFError) -> ELFWriter.Contents {
        let reader = ELFReader(
            bytes: try file.contents(of: section), order: file.order, subject: "section group",
            section: section.name, base: section.offset)
        let flags = try reader.read(UInt32.self, at: 0)
        var members: [Int] = []
        for at in stride(from: 4, through: reader.bytes.count - 4, by: 4) {
            if let number = sectionNumbers[Int(try reader.read(UInt32.self, at: at))] { members.append(number) }
        }
        return .group(flags: flags, members: members, signature: try symbolNumber(Int(section.info), section, at: 0))
    }

    private func symbolNumber(_ old: Int, _ section: ELFSection, at offset: Int) throws(ELFError) -> Int {
        guard let number = symbolNumbers[old] else {
            throw ELFError(
                .notFound, "a reference leads to symbol \(old), which is left out or does not exist",
                section: section.name, offset: section.offset &+ UInt64(offset))
        }
        return number
    }
}
