// SPDX-License-Identifier: Apache-2.0

/// Values that a unit's entries keep in other sections.
extension DebugSections {
    func string(_ value: AttributeValue?, in unit: Unit) throws(DWARFError) -> String? {
        guard case .string(let location)? = value else { return nil }
        switch location {
        case .here(let offset): return try information.string(at: UInt64(offset))
        case .strings(let offset): return try strings.string(at: offset)
        case .lineStrings(let offset): return try lineStrings.string(at: offset)
        case .index(let index):
            let size = UInt64(unit.encoding.offsetSize)
            var cursor = Cursor(
                stringOffsets,
                at: try Self.element(index, size: size, base: unit.stringOffsetsBase, of: stringOffsets))
            return try strings.string(at: try cursor.unsigned(size: Int(size)))
        }
    }

    func address(_ value: AttributeValue?, in unit: Unit) throws(DWARFError) -> DWARFAddress? {
        switch value {
        case .address(let address): return address
        case .addressIndex(let index): return try address(at: index, in: unit)
        default: return nil
        }
    }

    /// An address of the unit's table of addresses.
    func address(at index: UInt64, in unit: Unit) throws(DWARFError) -> DWARFAddress {
        let size = UInt64(unit.encoding.addressSize)
        var cursor = Cursor(
            addresses, at: try Self.element(index, size: size, base: unit.addressBase, of: addresses))
        return try cursor.address(size: Int(size))
    }

    /// The offset of an element of a table that starts at a base.
    static func element(
        _ index: UInt64, size: UInt64, base: UInt64, of section: DebugSection
    ) throws(DWARFError) -> Int {
        let (distance, isTooFar) = index.multipliedReportingOverflow(by: size)
        let (offset, overflow) = base.addingReportingOverflow(distance)
        guard !isTooFar, !overflow, let offset = Int(exactly: offset), offset < section.count else {
            throw DWARFError(
                .outOfBounds, "element \(index) of a table lies past the section's end", section: section.name,
                offset: Int(exactly: base))
        }
        return offset
    }
}
