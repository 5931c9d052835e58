// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The section table and the program header table, read and checked against the file's size.
struct ELFTables {
    let sections: [ELFSection]
    let segments: [ELFSegment]
    let nameTableIndex: Int
    /// The relocation tables of each section that has any.
    let relocationTables: [Int: [Int]]

    private static let sectionEntrySize = 64
    private static let segmentEntrySize = 56

    init(_ bytes: OwnedBytes, header: ELFHeader) throws(ELFError) {
        let reader = ELFReader(bytes: bytes, order: header.order, subject: "section table")
        // Counts that do not fit the header's 16 bits are in the null section (gABI, "extended numbering").
        var sectionCount = UInt64(header.sectionCount)
        var segmentCount = UInt64(header.segmentCount)
        var nameIndex = UInt64(header.nameTableIndex)
        if header.sectionTableOffset != 0 {
            guard header.sectionEntrySize == Self.sectionEntrySize else {
                throw ELFError(
                    .malformed, "section table entries have \(header.sectionEntrySize) bytes, not 64", offset: 58)
            }
            let first = Int(exactly: header.sectionTableOffset) ?? .max
            if sectionCount == 0 { sectionCount = try reader.read(UInt64.self, at: Self.sum(first, 32)) }
            if nameIndex == 0xffff { nameIndex = UInt64(try reader.read(UInt32.self, at: Self.sum(first, 40))) }
            if segmentCount == 0xffff { segmentCount = UInt64(try reader.read(UInt32.self, at: Self.sum(first, 44))) }
        } else if sectionCount != 0 {
            throw ELFError(.malformed, "the file has \(sectionCount) sections but no section table", offset: 40)
        }
        let plain = try Self.readSections(bytes, header: header, count: sectionCount)
        sections = try Self.named(plain, bytes: bytes, nameIndex: nameIndex)
        nameTableIndex = sections.isEmpty ? 0 : Int(nameIndex)
        segments = try Self.readSegments(bytes, header: header, count: segmentCount)
        var tables: [Int: [Int]] = [:]
        for section in sections
        where section.type == ELFSection.relocations || section.type == ELFSection.relocationsWithAddends {
            tables[Int(section.info), default: []].append(section.index)
        }
        relocationTables = tables
    }

    private static func sum(_ first: Int, _ second: Int) -> Int {
        let (sum, overflow) = first.addingReportingOverflow(second)
        return overflow ? .max : sum
    }

    /// Checks that `count` entries of `size` bytes at `offset` are in the file; answers the offset.
    private static func checkTable(
        _ what: String, offset: UInt64, count: UInt64, size: Int, fileSize: Int
    ) throws(ELFError) -> Int {
        let (total, overflow) = count.multipliedReportingOverflow(by: UInt64(size))
        guard !overflow, offset <= UInt64(fileSize), total <= UInt64(fileSize) - offset else {
            throw ELFError(
                .outOfBounds, "the \(what) with \(count) entries reaches past the end of the file (\(fileSize) bytes)",
                offset: offset, hint: "the file may be truncated")
        }
        return Int(offset)
    }

    private struct Unnamed {
        let nameOffset: UInt32
        let section: ELFSection
    }

    private static func readSections(
        _ bytes: OwnedBytes, header: ELFHeader, count: UInt64
    ) throws(ELFError) -> [Unnamed] {
        let start = try checkTable(
            "section table", offset: header.sectionTableOffset, count: count, size: sectionEntrySize,
            fileSize: bytes.count)
        let reader = ELFReader(bytes: bytes, order: header.order, subject: "section table")
        var sections: [Unnamed] = []
        sections.reserveCapacity(Int(count))
        for index in 0..<Int(count) {
            let at = start + index * sectionEntrySize
            let section = ELFSection(
                index: index, name: "", type: try reader.read(at: at + 4), flags: try reader.read(at: at + 8),
                address: try reader.read(at: at + 16), offset: try reader.read(at: at + 24),
                size: try reader.read(at: at + 32), link: try reader.read(at: at + 40),
                info: try reader.read(at: at + 44), alignment: try reader.read(at: at + 48),
                entrySize: try reader.read(at: at + 56))
            sections.append(Unnamed(nameOffset: try reader.read(at: at), section: section))
        }
        return sections
    }

    private static func named(
        _ unnamed: [Unnamed], bytes: OwnedBytes, nameIndex: UInt64
    ) throws(ELFError) -> [ELFSection] {
        var names: OwnedBytes?
        if nameIndex != 0, !unnamed.isEmpty {
            guard nameIndex < UInt64(unnamed.count) else {
                throw ELFError(
                    .malformed, "the section names are said to be in section \(nameIndex) of \(unnamed.count)",
                    offset: 62)
            }
            let table = unnamed[Int(nameIndex)].section
            names = try strings(table, called: "section name table", in: bytes)
        }
        var sections: [ELFSection] = []
        sections.reserveCapacity(unnamed.count)
        var budget = names.map(nameBudget) ?? 0
        for entry in unnamed {
            let plain = entry.section
            var name = ""
            if let names, plain.index != 0 {
                guard let found = names.span.cString(at: Int(entry.nameOffset)) else {
                    throw ELFError(
                        .outOfBounds, "the name of section \(plain.index) lies past the section name table's end",
                        offset: UInt64(entry.nameOffset))
                }
                name = found
                budget -= found.utf8.count
                guard budget >= 0 else {
                    throw ELFError(
                        .malformed, "the section names are far longer together than the table that holds them")
                }
            }
            let section = ELFSection(
                index: plain.index, name: name, type: plain.type, flags: plain.flags, address: plain.address,
                offset: plain.offset, size: plain.size, link: plain.link, info: plain.info,
                alignment: plain.alignment, entrySize: plain.entrySize)
            try checkContents(section, fileSize: bytes.count)
            sections.append(section)
        }
        return sections
    }

    /// How many bytes of names may be copied out of a string table.
    ///
    /// Names may share bytes, so a small hostile file could otherwise ask for gigabytes.
    static func nameBudget(_ strings: OwnedBytes) -> Int {
        strings.count.multipliedReportingOverflow(by: 64).partialValue &+ 1 << 20
    }

    /// The bytes of a string table, which must end with a NUL so that no string can run past it.
    static func strings(
        _ table: ELFSection, called what: String, in bytes: OwnedBytes
    ) throws(ELFError) -> OwnedBytes {
        let label = table.name.isEmpty ? what : table.name
        guard table.type == ELFSection.stringTable, !table.isCompressed else {
            throw ELFError(.malformed, "the \(what) is not a string table", section: label, offset: table.offset)
        }
        try checkContents(table, fileSize: bytes.count, label: label)
        guard let contents = bytes.slice(offset: Int(table.offset), count: Int(table.size)) else {
            throw ELFError(.outOfBounds, "the \(what) lies past the end", section: label, offset: table.offset)
        }
        if contents.count > 0, contents.span.integer(at: contents.count - 1, as: UInt8.self, order: .little) != 0 {
            throw ELFError(
                .malformed, "the \(what) does not end with a NUL byte", section: label, offset: table.offset)
        }
        return contents
    }

    private static func checkContents(_ section: ELFSection, fileSize: Int, label: String? = nil) throws(ELFError) {
        if section.type == ELFSection.null || section.isZeroFilled { return }
        guard section.offset <= UInt64(fileSize), section.size <= UInt64(fileSize) - section.offset else {
            throw ELFError(
                .outOfBounds,
                "section \(section.index) with \(section.size) bytes reaches past the end of the file (\(fileSize) bytes)",
                section: label ?? section.name, offset: section.offset, hint: "the file may be truncated")
        }
    }

    private static func readSegments(
        _ bytes: OwnedBytes, header: ELFHeader, count: UInt64
    ) throws(ELFError) -> [ELFSegment] {
        guard count > 0, header.segmentTableOffset != 0 else { return [] }
        guard header.segmentEntrySize == segmentEntrySize else {
            throw ELFError(
                .malformed, "program header entries have \(header.segmentEntrySize) bytes, not 56", offset: 54)
        }
        let start = try checkTable(
            "program header table", offset: header.segmentTableOffset, count: count, size: segmentEntrySize,
            fileSize: bytes.count)
        let reader = ELFReader(bytes: bytes, order: header.order, subject: "program header table")
        var segments: [ELFSegment] = []
        for index in 0..<Int(count) {
            let at = start + index * segmentEntrySize
            segments.append(
                ELFSegment(
                    type: try reader.read(at: at), flags: try reader.read(at: at + 4),
                    offset: try reader.read(at: at + 8), address: try reader.read(at: at + 16),
                    fileSize: try reader.read(at: at + 32), memorySize: try reader.read(at: at + 40),
                    alignment: try reader.read(at: at + 48)))
        }
        return segments
    }
}
