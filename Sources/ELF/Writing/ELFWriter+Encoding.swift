// SPDX-License-Identifier: Apache-2.0

import Bytes

extension ELFWriter {
    /// The file's bytes: header, contents in the order of the sections, section table.
    ///
    /// - Throws: ``ELFError`` when there are too many sections, no string table or two, or a reference leads nowhere.
    public func encode() throws(ELFError) -> [UInt8] {
        guard sections.count < 0xfeff else {
            throw ELFError(.unsupported, "files with \(sections.count) sections cannot be written, at most 65278")
        }
        let tables = try Tables(self)
        var output = [UInt8](repeating: 0, count: ELFHeader.size)
        var headers = [UInt8](repeating: 0, count: 64)
        for (index, section) in sections.enumerated() {
            let contents = try bytes(of: section, tables)
            var size = UInt64(contents.count)
            if case .zeros(let count) = section.contents {
                size = count
            } else {
                // An alignment beyond a page means nothing in a file that is read, not mapped to run.
                let alignment = section.alignment > 1 && section.alignment <= 4096 ? Int(section.alignment) : 1
                Self.pad(&output, to: alignment)
            }
            let shape = try shape(of: section, tables)
            headers.append(tables.sectionNames[index], order: order)
            headers.append(shape.type, order: order)
            headers.append(section.flags, order: order)
            headers.append(UInt64(0), order: order)
            headers.append(UInt64(output.count), order: order)
            headers.append(size, order: order)
            headers.append(shape.link, order: order)
            headers.append(shape.information, order: order)
            headers.append(section.alignment, order: order)
            headers.append(shape.entrySize, order: order)
            output.append(contentsOf: contents)
        }
        Self.pad(&output, to: 8)
        writeHeader(into: &output, tableOffset: output.count, nameTable: tables.strings)
        output.append(contentsOf: headers)
        return output
    }

    /// What is worked out once for the whole file.
    private struct Tables {
        /// The numbers of the sections that hold the tables.
        let strings: Int
        let symbols: Int?
        let sectionNames: [UInt32]
        let stringBytes: [UInt8]
        let symbolBytes: [UInt8]
        /// The position of each symbol in the table, by the number that it was given; the first element stands for none.
        let positions: [UInt32]
        let localCount: UInt32

        init(_ writer: ELFWriter) throws(ELFError) {
            var strings: Int?
            var symbols: Int?
            for (index, section) in writer.sections.enumerated() {
                switch section.contents {
                case .strings where strings == nil: strings = index + 1
                case .symbols where symbols == nil: symbols = index + 1
                case .strings, .symbols:
                    throw ELFError(
                        .unsupported, "a file has one table of symbols and one of strings", section: section.name)
                default: continue
                }
            }
            guard let strings else {
                throw ELFError(.wrongKind, "a file needs a table of strings for its sections' names")
            }
            guard symbols != nil || writer.symbols.isEmpty else {
                throw ELFError(.wrongKind, "the file has symbols, but no section for them")
            }
            var builder = StringTableBuilder()
            func add(_ name: String) throws(ELFError) -> UInt32 {
                guard let offset = builder.add(name) else {
                    throw ELFError(.unsupported, "the string table would exceed 4 GiB")
                }
                return offset
            }
            var bytes = [UInt8](repeating: 0, count: ELFSymbolTable.entrySize)
            var positions = [UInt32](repeating: 0, count: writer.symbols.count + 1)
            var next: UInt32 = 1
            var localCount: UInt32 = 1
            for isLocal in [true, false] {
                for (index, symbol) in writer.symbols.enumerated() where (symbol.binding == .local) == isLocal {
                    bytes.append(try add(symbol.name), order: writer.order)
                    bytes.append(symbol.binding.rawValue << 4 | symbol.type.rawValue & 0xf)
                    bytes.append(symbol.visibility.rawValue)
                    bytes.append(try writer.sectionField(of: symbol), order: writer.order)
                    bytes.append(symbol.value, order: writer.order)
                    bytes.append(symbol.size, order: writer.order)
                    positions[index + 1] = next
                    next += 1
                }
                if isLocal { localCount = next }
            }
            var names: [UInt32] = []
            for section in writer.sections { names.append(try add(section.name)) }
            self.strings = strings
            self.symbols = symbols
            sectionNames = names
            stringBytes = builder.bytes
            symbolBytes = bytes
            self.positions = positions
            self.localCount = localCount
        }
    }

    private func sectionField(of symbol: Symbol) throws(ELFError) -> UInt16 {
        switch symbol.home {
        case .undefined: return 0
        case .absolute: return 0xfff1
        case .common: return 0xfff2
        case .section(let number):
            guard sections.indices.contains(number - 1) else {
                throw ELFError(.notFound, "the symbol \(symbol.name) is in section \(number), which does not exist")
            }
            return UInt16(truncatingIfNeeded: number)
        }
    }

    private func bytes(of section: Section, _ tables: Tables) throws(ELFError) -> [UInt8] {
        switch section.contents {
        case .bytes(let bytes): return bytes
        case .zeros: return []
        case .symbols: return tables.symbolBytes
        case .strings: return tables.stringBytes
        case .relocations(let relocations, _, let withAddends):
            var bytes: [UInt8] = []
            bytes.reserveCapacity(relocations.count * (withAddends ? 24 : 16))
            for relocation in relocations {
                guard tables.positions.indices.contains(relocation.symbol) else {
                    throw ELFError(
                        .notFound, "a relocation names symbol \(relocation.symbol), which does not exist",
                        section: section.name)
                }
                bytes.append(relocation.offset, order: order)
                let symbol = UInt64(tables.positions[relocation.symbol])
                bytes.append(symbol << 32 | UInt64(relocation.type), order: order)
                if withAddends { bytes.append(relocation.addend, order: order) }
            }
            return bytes
        case .group(let flags, let members, _):
            var bytes: [UInt8] = []
            bytes.append(flags, order: order)
            for member in members { bytes.append(UInt32(truncatingIfNeeded: member), order: order) }
            return bytes
        }
    }

    /// The fields of a section's header that follow from what it holds.
    private func shape(
        of section: Section, _ tables: Tables
    ) throws(ELFError) -> (type: UInt32, link: UInt32, information: UInt32, entrySize: UInt64) {
        let symbols = UInt32(truncatingIfNeeded: tables.symbols ?? 0)
        switch section.contents {
        case .bytes, .zeros:
            var type = section.type
            if case .zeros = section.contents { type = ELFSection.noBits }
            return (type, UInt32(truncatingIfNeeded: section.link), section.information, section.entrySize)
        case .symbols:
            return (
                ELFSection.symbolTable, UInt32(truncatingIfNeeded: tables.strings), tables.localCount,
                UInt64(ELFSymbolTable.entrySize)
            )
        case .strings: return (ELFSection.stringTable, 0, 0, section.entrySize)
        case .relocations(_, let target, let withAddends):
            let type = withAddends ? ELFSection.relocationsWithAddends : ELFSection.relocations
            return (type, symbols, UInt32(truncatingIfNeeded: target), withAddends ? 24 : 16)
        case .group(_, _, let signature):
            guard tables.positions.indices.contains(signature) else {
                throw ELFError(
                    .notFound, "the group is named by symbol \(signature), which does not exist", section: section.name)
            }
            return (ELFSection.group, symbols, tables.positions[signature], 4)
        }
    }

    private func writeHeader(into output: inout [UInt8], tableOffset: Int, nameTable: Int) {
        for (at, byte) in [0x7f, 0x45, 0x4c, 0x46, 2, order == .little ? 1 : 2, 1].enumerated() {
            output[at] = UInt8(byte)
        }
        output.store(ELFFile.relocatable, at: 16, order: order)
        output.store(machine, at: 18, order: order)
        output.store(UInt32(1), at: 20, order: order)
        output.store(UInt64(tableOffset), at: 40, order: order)
        output.store(flags, at: 48, order: order)
        output.store(UInt16(ELFHeader.size), at: 52, order: order)
        output.store(UInt16(64), at: 58, order: order)
        output.store(UInt16(truncatingIfNeeded: sections.count + 1), at: 60, order: order)
        output.store(UInt16(truncatingIfNeeded: nameTable), at: 62, order: order)
    }

    private static func pad(_ output: inout [UInt8], to alignment: Int) {
        let rest = output.count % alignment
        if rest != 0 { output.append(contentsOf: [UInt8](repeating: 0, count: alignment - rest)) }
    }
}
