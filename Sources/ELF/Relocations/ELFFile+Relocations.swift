// SPDX-License-Identifier: Apache-2.0

import Bytes

extension ELFFile {
    /// All relocations that apply to a section, in the order of the file.
    ///
    /// - Throws: ``ELFError`` when an entry has the wrong size, names a symbol that does not exist or patches bytes past
    ///   the section's end, and for relocations with explicit addends (`SHT_RELA`) in a BPF file.
    public func relocations(of section: ELFSection) throws(ELFError) -> [ELFRelocation] {
        var relocations: [ELFRelocation] = []
        guard section.index != 0 else { return [] }
        for index in relocationTables[section.index] ?? [] {
            let table = sections[index]
            switch table.type {
            case ELFSection.relocations:
                try read(table, of: section, withAddends: false, into: &relocations)
            case ELFSection.relocationsWithAddends:
                if machine == Self.machineBPF {
                    throw ELFError(
                        .unsupported, "BPF files have relocations without addends (REL), but this is RELA",
                        section: table.name, offset: table.offset)
                }
                try read(table, of: section, withAddends: true, into: &relocations)
            default: continue
            }
        }
        return relocations
    }

    private func read(
        _ table: ELFSection, of section: ELFSection, withAddends: Bool, into relocations: inout [ELFRelocation]
    ) throws(ELFError) {
        let entrySize = withAddends ? 24 : 16
        guard table.entrySize == UInt64(entrySize), table.size.isMultiple(of: UInt64(entrySize)) else {
            throw ELFError(
                .malformed,
                "relocations of \(table.size) bytes with entries of \(table.entrySize) bytes, not \(entrySize)",
                section: table.name, offset: table.offset)
        }
        guard let symbolTable = try symbolTable(ofType: ELFSection.symbolTable),
            symbolTable.section.index == Int(table.link)
        else {
            throw ELFError(
                .malformed, "the relocations refer to section \(table.link), which is not the symbol table",
                section: table.name, offset: table.offset)
        }
        let reader = ELFReader(
            bytes: try contents(of: table), order: order, subject: "relocation table", section: table.name,
            base: table.offset)
        relocations.reserveCapacity(relocations.count + reader.bytes.count / entrySize)
        for at in stride(from: 0, to: reader.bytes.count, by: entrySize) {
            let offset = try reader.read(UInt64.self, at: at)
            let information = try reader.read(UInt64.self, at: at + 8)
            let symbolIndex = Int(information >> 32)
            guard symbolIndex < symbolTable.count else {
                throw ELFError(
                    .outOfBounds, "a relocation refers to symbol \(symbolIndex) of \(symbolTable.count)",
                    section: table.name, offset: table.offset &+ UInt64(at))
            }
            guard offset < section.size else {
                throw ELFError(
                    .outOfBounds,
                    "a relocation patches offset \(offset) of section \(section.name), which has \(section.size) bytes",
                    section: table.name, offset: table.offset &+ UInt64(at))
            }
            relocations.append(
                ELFRelocation(
                    offset: offset, type: UInt32(truncatingIfNeeded: information), symbolIndex: symbolIndex,
                    addend: withAddends ? try reader.read(Int64.self, at: at + 16) : nil))
        }
    }
}
