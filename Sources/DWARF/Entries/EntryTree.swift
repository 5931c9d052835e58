// SPDX-License-Identifier: Apache-2.0

/// All units and entries of a file in the order of their offsets.
struct EntryTree: Sendable {
    let sections: DebugSections
    private(set) var units: [Unit] = []
    private(set) var entries: [EntryRecord] = []
    private(set) var abbreviations: Abbreviations
    /// The entries of types by their signatures.
    private(set) var signatures: [UInt64: Int] = [:]

    /// Real BPF objects have some ten thousand.
    private static let mostEntries = 1 << 22
    private static let deepest = 512

    /// - Parameter names: what may be copied of the file's names.
    init(_ sections: DebugSections, names: inout NameBudget) throws(DWARFError) {
        self.sections = sections
        abbreviations = Abbreviations(sections.abbreviations)
        guard sections.information.count < Int(UInt32.max) else {
            throw DWARFError(.tooLarge, "the section has 4 GiB or more", section: sections.information.name)
        }
        var offset = 0
        while offset < sections.information.count {
            var cursor = Cursor(sections.information, at: offset)
            let unit = try Unit(&cursor)
            offset = unit.end
            units.append(unit)
            let first = entries.count
            try index(unit, number: units.count - 1, cursor: cursor)
            guard entries.count > first else { continue }
            units[units.count - 1] = try describe(unit, root: first, &names)
            if let type = unit.typeSignature, let entry = index(at: type.offset) {
                signatures[type.signature] = entry
            }
        }
    }

    private mutating func index(_ unit: Unit, number: Int, cursor start: Cursor) throws(DWARFError) {
        var cursor = start
        let codes = try abbreviations.table(at: unit.abbreviationOffset)
        var open: [Int] = []
        while !cursor.isAtEnd {
            let offset = cursor.offset
            let code = try cursor.unsignedLEB()
            if code == 0 {
                if let closed = open.popLast() { entries[closed].end = UInt32(entries.count) }
                if open.isEmpty { break }
                continue
            }
            guard let abbreviationIndex = codes[code] else {
                throw cursor.error(.malformed, "an entry has abbreviation \(code), which does not exist", at: offset)
            }
            guard entries.count < Self.mostEntries, open.count < Self.deepest else {
                throw cursor.error(.tooLarge, "more than \(Self.mostEntries) entries, or \(Self.deepest) in each other")
            }
            let abbreviation = abbreviations.all[abbreviationIndex]
            entries.append(
                EntryRecord(
                    offset: UInt32(offset), attributesOffset: UInt32(cursor.offset),
                    abbreviation: UInt32(abbreviationIndex), unit: UInt32(number),
                    parent: Int32(open.last ?? -1), end: UInt32(entries.count + 1)))
            for specification in abbreviations.specifications[abbreviation.attributes] {
                _ = try cursor.value(
                    form: specification.form, implicit: specification.implicit, encoding: unit.encoding)
            }
            if abbreviation.hasChildren { open.append(entries.count - 1) } else if open.isEmpty { break }
        }
        for unclosed in open { entries[unclosed].end = UInt32(entries.count) }
    }

    /// Completes a unit with what its first entry says.
    private func describe(_ plain: Unit, root: Int, _ names: inout NameBudget) throws(DWARFError) -> Unit {
        var unit = plain
        let values = try attributes(of: root)
        if let base = values[Attribute.stringOffsetsBase]?.unsigned { unit.stringOffsetsBase = base }
        if let base = values[Attribute.addressBase]?.unsigned { unit.addressBase = base }
        if let base = values[Attribute.rangeListsBase]?.unsigned { unit.rangeListsBase = base }
        if let base = values[Attribute.locationListsBase]?.unsigned { unit.locationListsBase = base }
        unit.lineTableOffset = values[Attribute.statementList]?.unsigned
        unit.language = values[Attribute.language]?.unsigned ?? 0
        unit.name = try names.spend(string(values[Attribute.name], in: unit) ?? "")
        unit.directory = try names.spend(string(values[Attribute.compilationDirectory], in: unit) ?? "")
        unit.producer = try names.spend(string(values[Attribute.producer], in: unit) ?? "")
        if let base = try address(values[Attribute.lowPC], in: unit) { unit.base = base }
        return unit
    }

    /// The index of the entry that starts at an offset.
    func index(at offset: UInt64) -> Int? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if UInt64(entries[middle].offset) < offset { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && UInt64(entries[low].offset) == offset ? low : nil
    }

    func tag(of entry: Int) -> UInt16 {
        abbreviations.all[Int(entries[entry].abbreviation)].tag
    }

    func unit(of entry: Int) -> Unit {
        units[Int(entries[entry].unit)]
    }

    /// The entries directly in another one.
    func children(of entry: Int) -> Children {
        Children(tree: self, position: entry + 1, end: Int(entries[entry].end))
    }

    struct Children: Sequence, IteratorProtocol {
        let tree: EntryTree
        var position: Int
        let end: Int

        mutating func next() -> Int? {
            guard position < end else { return nil }
            defer { position = Int(tree.entries[position].end) }
            return position
        }
    }
}
