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

    init(_ rewriter: ELFRewriter) throws(ELFError) {
        let file = rewriter.file
        self.file = file
        replacements = rewriter.replacements
        let table = file.sections.first { $0.type == ELFSection.symbolTable }
        symbolTableIndex = table?.index
        let kept = file.sections.filter { section in
            if rewriter.dropped.contains(section.index) { return false }
            guard Self.isRelocations(section) else { return true }
            let target = Int(section.info)
            return !rewriter.dropped.contains(target) && rewriter.replacements[target] == nil
        }
        guard kept.count < 0xff00 else {
            throw ELFError(.unsupported, "files with \(kept.count) sections cannot be written, at most 65279")
        }
        // Sections that share their bytes would make the new file far larger than the old one.
        var total: UInt64 = 0
        for section in kept where !section.isZeroFilled { total = total &+ section.size }
        guard total <= UInt64(file.bytes.count) else {
            throw ELFError(.malformed, "the file's sections overlap: \(total) bytes in \(file.bytes.count)")
        }
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

    /// A relocation table with its symbols renumbered.
    func relocations(_ section: ELFSection) throws(ELFError) -> [UInt8] {
        let old = try file.contents(of: section)
        var bytes = old.array
        let entrySize = section.type == ELFSection.relocations ? 16 : 24
        guard section.entrySize == UInt64(entrySize), bytes.count.isMultiple(of: entrySize) else {
            throw ELFError(
                .malformed, "relocations of \(section.size) bytes with entries of \(section.entrySize) bytes",
                section: section.name, offset: section.offset)
        }
        let reader = ELFReader(
            bytes: old, order: file.order, subject: "relocation table", section: section.name, base: section.offset)
        for at in stride(from: 0, to: bytes.count, by: entrySize) {
            let information = try reader.read(UInt64.self, at: at + 8)
            guard let number = symbolNumbers[Int(information >> 32)] else {
                throw ELFError(
                    .notFound,
                    "a relocation refers to symbol \(information >> 32), which is left out or does not exist",
                    section: section.name, offset: section.offset &+ UInt64(at))
            }
            bytes.store(
                UInt64(number) << 32 | (information & 0xffff_ffff), at: at + 8, order: file.order)
        }
        return bytes
    }

    /// A section group with its members renumbered; members that are left out are dropped.
    func group(_ section: ELFSection) throws(ELFError) -> [UInt8] {
        let reader = ELFReader(
            bytes: try file.contents(of: section), order: file.order, subject: "section group",
            section: section.name, base: section.offset)
        var bytes: [UInt8] = []
        bytes.append(try reader.read(UInt32.self, at: 0), order: file.order)
        for at in stride(from: 4, through: reader.bytes.count - 4, by: 4) {
            let member = Int(try reader.read(UInt32.self, at: at))
            if let number = sectionNumbers[member] {
                bytes.append(UInt32(truncatingIfNeeded: number), order: file.order)
            }
        }
        return bytes
    }
}
