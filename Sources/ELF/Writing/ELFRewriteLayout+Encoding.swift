// SPDX-License-Identifier: Apache-2.0

import Bytes

extension ELFRewriteLayout {
    /// The whole file: header, contents in section order, section table.
    func encode() throws(ELFError) -> [UInt8] {
        let strings = try makeStrings()
        var output = [UInt8](repeating: 0, count: ELFHeader.size)
        var table: [UInt8] = []
        for section in sections {
            if section.index == 0 {
                table.append(contentsOf: [UInt8](repeating: 0, count: 64))
                continue
            }
            let contents = try newContents(of: section, strings: strings)
            let alignment = section.alignment > 1 && section.alignment <= 4096 ? Int(section.alignment) : 1
            if !section.isZeroFilled { Self.pad(&output, to: alignment) }
            let offset = output.count
            output.append(contentsOf: contents)
            table.append(strings.sectionNames[section.index] ?? 0, order: file.order)
            table.append(section.type, order: file.order)
            table.append(section.flags, order: file.order)
            table.append(section.address, order: file.order)
            table.append(UInt64(offset), order: file.order)
            table.append(section.isZeroFilled ? section.size : UInt64(contents.count), order: file.order)
            table.append(try newLink(of: section), order: file.order)
            table.append(try newInformation(of: section), order: file.order)
            table.append(section.alignment, order: file.order)
            table.append(section.entrySize, order: file.order)
        }
        Self.pad(&output, to: 8)
        writeHeader(into: &output, tableOffset: output.count)
        output.append(contentsOf: table)
        return output
    }

    private struct Strings {
        var sectionNames: [Int: UInt32] = [:]
        var symbolNames: [UInt32] = []
        /// The new bytes of each string table that names sections or symbols.
        var tables: [Int: [UInt8]] = [:]
    }

    /// Builds the string tables anew, so that names of what is left out are gone too.
    private func makeStrings() throws(ELFError) -> Strings {
        var strings = Strings()
        var builders: [Int: StringTableBuilder] = [:]
        func add(_ name: String, to index: Int) throws(ELFError) -> UInt32 {
            guard let offset = builders[index, default: StringTableBuilder()].add(name) else {
                throw ELFError(.unsupported, "the string table would exceed 4 GiB")
            }
            return offset
        }
        if let symbolTableIndex {
            let home = Int(file.sections[symbolTableIndex].link)
            for symbol in symbols { strings.symbolNames.append(try add(symbol.name, to: home)) }
        }
        if file.nameTableIndex != 0 {
            for section in sections where section.index != 0 {
                strings.sectionNames[section.index] = try add(section.name, to: file.nameTableIndex)
            }
        }
        strings.tables = builders.mapValues(\.bytes)
        return strings
    }

    private func newContents(of section: ELFSection, strings: Strings) throws(ELFError) -> [UInt8] {
        if section.isZeroFilled { return [] }
        if let replacement = replacements[section.index] { return replacement }
        if let table = strings.tables[section.index] { return table }
        if section.index == symbolTableIndex { return encodeSymbols(names: strings.symbolNames) }
        if Self.isRelocations(section) { return try relocations(section) }
        if section.type == ELFSection.group { return try group(section) }
        return try file.contents(of: section).array
    }

    private func encodeSymbols(names: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(symbols.count * ELFSymbolTable.entrySize)
        for (symbol, name) in zip(symbols, names) {
            bytes.append(name, order: file.order)
            bytes.append(symbol.binding.rawValue << 4 | symbol.type.rawValue & 0xf)
            bytes.append(symbol.visibility.rawValue)
            var home: UInt16 = symbol.isAbsolute ? 0xfff1 : symbol.isCommon ? 0xfff2 : 0
            if let old = symbol.sectionIndex { home = UInt16(truncatingIfNeeded: sectionNumbers[old] ?? 0) }
            bytes.append(home, order: file.order)
            bytes.append(symbol.value, order: file.order)
            bytes.append(symbol.size, order: file.order)
        }
        return bytes
    }

    private func newLink(of section: ELFSection) throws(ELFError) -> UInt32 {
        if section.link == 0 { return 0 }
        guard let number = sectionNumbers[Int(section.link)] else {
            throw ELFError(
                .notFound, "the section is linked to section \(section.link), which is left out or does not exist",
                section: section.name, offset: section.offset)
        }
        return UInt32(truncatingIfNeeded: number)
    }

    private func newInformation(of section: ELFSection) throws(ELFError) -> UInt32 {
        if section.index == symbolTableIndex {
            return UInt32(truncatingIfNeeded: symbols.firstIndex { $0.binding != .local } ?? symbols.count)
        }
        if Self.isRelocations(section) {
            guard let number = sectionNumbers[Int(section.info)] else {
                throw ELFError(
                    .notFound, "the relocations apply to section \(section.info), which does not exist",
                    section: section.name, offset: section.offset)
            }
            return UInt32(truncatingIfNeeded: number)
        }
        if section.type == ELFSection.group {
            guard let number = symbolNumbers[Int(section.info)] else {
                throw ELFError(
                    .notFound, "the group's symbol \(section.info) is left out or does not exist",
                    section: section.name, offset: section.offset)
            }
            return UInt32(truncatingIfNeeded: number)
        }
        return section.info
    }

    private func writeHeader(into output: inout [UInt8], tableOffset: Int) {
        let order = file.order
        for (at, byte) in [0x7f, 0x45, 0x4c, 0x46, 2, order == .little ? 1 : 2, 1].enumerated() {
            output[at] = UInt8(byte)
        }
        output.store(file.type, at: 16, order: order)
        output.store(file.machine, at: 18, order: order)
        output.store(UInt32(1), at: 20, order: order)
        output.store(UInt64(tableOffset), at: 40, order: order)
        output.store(file.flags, at: 48, order: order)
        output.store(UInt16(ELFHeader.size), at: 52, order: order)
        output.store(UInt16(64), at: 58, order: order)
        output.store(UInt16(truncatingIfNeeded: sections.count), at: 60, order: order)
        let names = sectionNumbers[file.nameTableIndex] ?? 0
        output.store(UInt16(truncatingIfNeeded: names), at: 62, order: order)
    }

    private static func pad(_ output: inout [UInt8], to alignment: Int) {
        let rest = output.count % alignment
        if rest != 0 { output.append(contentsOf: [UInt8](repeating: 0, count: alignment - rest)) }
    }
}
