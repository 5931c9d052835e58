// SPDX-License-Identifier: Apache-2.0

extension EntryTree {
    private static let longestLocationList = 4096

    /// All places where a variable is (`DW_AT_location`, else `DW_AT_const_value`).
    func locations(of entry: Int, frameRegister: Int?) throws(DWARFError) -> [DWARFLocationRange] {
        let values = try attributes(of: entry)
        let unit = unit(of: entry)
        let expression = LocationExpression(frameRegister: frameRegister, tree: self, unit: unit)
        switch values[Attribute.location] {
        case .block(let range)?:
            let cursor = Cursor(sections.information, at: range.lowerBound, end: range.upperBound)
            return [DWARFLocationRange(range: nil, location: try expression.location(cursor))]
        case let list?:
            return unit.encoding.version < 5
                ? try oldLocationList(list, expression) : try locationList(list, expression)
        case nil:
            switch values[Attribute.constantValue] {
            case .constant(let value, _)?: return [DWARFLocationRange(range: nil, location: .constant(value))]
            case .signed(let value)?:
                return [DWARFLocationRange(range: nil, location: .constant(UInt64(bitPattern: value)))]
            default: return []
            }
        }
    }

    /// The register that a function's frame base is, when it is one.
    func frameRegister(of function: Int) throws(DWARFError) -> Int? {
        guard case .block(let range)? = try attributes(of: function)[Attribute.frameBase] else { return nil }
        let unit = unit(of: function)
        let expression = LocationExpression(frameRegister: nil, tree: self, unit: unit)
        let cursor = Cursor(sections.information, at: range.lowerBound, end: range.upperBound)
        if case .register(let register) = try expression.location(cursor) { return register }
        return nil
    }

    private func locationList(
        _ value: AttributeValue, _ expression: LocationExpression
    ) throws(DWARFError) -> [DWARFLocationRange] {
        let unit = expression.unit
        let start = try listOffset(
            value, base: unit.locationListsBase, section: sections.locationLists, in: unit)
        var cursor = Cursor(sections.locationLists, at: start)
        var base = unit.base
        var places: [DWARFLocationRange] = []
        let size = unit.encoding.addressSize
        for _ in 0..<Self.longestLocationList {
            let range: DWARFRange?
            switch try cursor.read(UInt8.self) {
            case 0: return places
            case 1:
                base = try address(at: try cursor.unsignedLEB(), in: unit)
                continue
            case 2:
                let start = try address(at: try cursor.unsignedLEB(), in: unit)
                range = DWARFRange(start, end: try address(at: try cursor.unsignedLEB(), in: unit).value)
            case 3:
                let start = try address(at: try cursor.unsignedLEB(), in: unit)
                range = DWARFRange(start, length: try cursor.unsignedLEB())
            case 4:
                let start = base.advanced(by: try cursor.unsignedLEB())
                range = DWARFRange(start, end: base.value &+ (try cursor.unsignedLEB()))
            case 5: range = nil
            case 6:
                base = try cursor.address(size: size)
                continue
            case 7:
                let start = try cursor.address(size: size)
                range = DWARFRange(start, end: try cursor.address(size: size).value)
            case 8:
                let start = try cursor.address(size: size)
                range = DWARFRange(start, length: try cursor.unsignedLEB())
            case let kind: throw cursor.error(.malformed, "a location list has an entry of kind \(kind)")
            }
            let length = try cursor.unsignedLEB()
            places.append(try place(range, length: length, &cursor, expression))
        }
        throw cursor.error(.tooLarge, "a location list has more than \(Self.longestLocationList) entries", at: start)
    }

    private func oldLocationList(
        _ value: AttributeValue, _ expression: LocationExpression
    ) throws(DWARFError) -> [DWARFLocationRange] {
        let unit = expression.unit
        let start = value.unsigned.flatMap { Int(exactly: $0) } ?? .max
        var cursor = Cursor(sections.locations, at: start)
        var base = unit.base
        var places: [DWARFLocationRange] = []
        for _ in 0..<Self.longestLocationList {
            guard let pair = try oldPair(&cursor, base: &base, unit: unit) else { return places }
            guard let range = pair.range else { continue }
            let length = UInt64(try cursor.read(UInt16.self))
            places.append(try place(range, length: length, &cursor, expression))
        }
        throw cursor.error(.tooLarge, "a location list has more than \(Self.longestLocationList) entries", at: start)
    }

    private func place(
        _ range: DWARFRange?, length: UInt64, _ cursor: inout Cursor, _ expression: LocationExpression
    ) throws(DWARFError) -> DWARFLocationRange {
        let start = cursor.offset
        try cursor.skip(length)
        let location = try expression.location(Cursor(cursor.section, at: start, end: cursor.offset))
        return DWARFLocationRange(range: range, location: location)
    }
}
