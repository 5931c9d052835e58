// SPDX-License-Identifier: Apache-2.0

extension EntryTree {
    /// No function is cut into more pieces; each scope's list is walked again for each question.
    private static let longestList = 4096

    /// The addresses that an entry covers (`DW_AT_low_pc`, `DW_AT_high_pc`, `DW_AT_ranges`).
    func ranges(of entry: Int) throws(DWARFError) -> [DWARFRange] {
        let values = try attributes(of: entry)
        let unit = unit(of: entry)
        if let ranges = values[Attribute.ranges] { return try rangeList(ranges, in: unit) }
        guard let low = try address(values[Attribute.lowPC], in: unit) else { return [] }
        switch values[Attribute.highPC] {
        case .address(let high): return [DWARFRange(section: low.section, start: low.value, end: high.value)]
        case .addressIndex(let index):
            return [DWARFRange(section: low.section, start: low.value, end: try address(at: index, in: unit).value)]
        case let size?:
            return [DWARFRange(section: low.section, start: low.value, end: low.value &+ (size.unsigned ?? 0))]
        case nil: return []
        }
    }

    private func rangeList(_ value: AttributeValue, in unit: Unit) throws(DWARFError) -> [DWARFRange] {
        if unit.encoding.version < 5 { return try oldRangeList(at: value.unsigned ?? .max, in: unit) }
        let offset = try listOffset(value, base: unit.rangeListsBase, section: sections.rangeLists, in: unit)
        var cursor = Cursor(sections.rangeLists, at: offset)
        var base = unit.base
        var ranges: [DWARFRange] = []
        let size = unit.encoding.addressSize
        for _ in 0..<Self.longestList {
            switch try cursor.read(UInt8.self) {
            case 0: return ranges
            case 1: base = try address(at: try cursor.unsignedLEB(), in: unit)
            case 2:
                let start = try address(at: try cursor.unsignedLEB(), in: unit)
                ranges.append(DWARFRange(start, end: try address(at: try cursor.unsignedLEB(), in: unit).value))
            case 3:
                let start = try address(at: try cursor.unsignedLEB(), in: unit)
                ranges.append(DWARFRange(start, length: try cursor.unsignedLEB()))
            case 4:
                let start = base.advanced(by: try cursor.unsignedLEB())
                ranges.append(DWARFRange(start, end: base.value &+ (try cursor.unsignedLEB())))
            case 5: base = try cursor.address(size: size)
            case 6:
                let start = try cursor.address(size: size)
                ranges.append(DWARFRange(start, end: try cursor.address(size: size).value))
            case 7:
                let start = try cursor.address(size: size)
                ranges.append(DWARFRange(start, length: try cursor.unsignedLEB()))
            case let kind: throw cursor.error(.malformed, "a range list has an entry of kind \(kind)")
            }
        }
        throw cursor.error(.tooLarge, "a range list has more than \(Self.longestList) entries", at: offset)
    }

    /// A list of version 4: pairs of addresses relative to a base, ended by two zeros.
    private func oldRangeList(at offset: UInt64, in unit: Unit) throws(DWARFError) -> [DWARFRange] {
        var cursor = Cursor(sections.ranges, at: Int(exactly: offset) ?? .max)
        var ranges: [DWARFRange] = []
        var base = unit.base
        for _ in 0..<Self.longestList {
            guard let pair = try oldPair(&cursor, base: &base, unit: unit) else { return ranges }
            if let range = pair.range { ranges.append(range) }
        }
        throw cursor.error(.tooLarge, "a range list has more than \(Self.longestList) entries", at: Int(offset))
    }

    /// One pair of a list of version 4; `nil` at the list's end, without range when the pair sets the base.
    func oldPair(
        _ cursor: inout Cursor, base: inout DWARFAddress, unit: Unit
    ) throws(DWARFError) -> (range: DWARFRange?, Void)? {
        let size = unit.encoding.addressSize
        let first = try cursor.address(size: size)
        let second = try cursor.address(size: size)
        // Zeros with a relocation are addresses, not the end.
        if first.value == 0, second.value == 0, first.section == nil, second.section == nil { return nil }
        if first.value == (size == 8 ? UInt64.max : UInt64(UInt32.max)) {
            base = second
            return (nil, ())
        }
        let start = DWARFAddress(section: first.section ?? base.section, value: base.value &+ first.value)
        return (DWARFRange(start, end: base.value &+ second.value), ())
    }

    /// Where a list of version 5 starts.
    func listOffset(
        _ value: AttributeValue, base: UInt64, section: DebugSection, in unit: Unit
    ) throws(DWARFError) -> Int {
        if case .listIndex(let index) = value {
            let size = unit.encoding.offsetSize
            var cursor = Cursor(
                section, at: try DebugSections.element(index, size: UInt64(size), base: base, of: section))
            let (sum, overflow) = base.addingReportingOverflow(try cursor.unsigned(size: size))
            return overflow ? .max : Int(exactly: sum) ?? .max
        }
        return value.unsigned.flatMap { Int(exactly: $0) } ?? .max
    }
}

extension DWARFRange {
    init(_ start: DWARFAddress, end: UInt64) {
        self.init(section: start.section, start: start.value, end: end)
    }

    init(_ start: DWARFAddress, length: UInt64) {
        self.init(section: start.section, start: start.value, end: start.value &+ length)
    }
}
