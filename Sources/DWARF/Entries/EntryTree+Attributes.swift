// SPDX-License-Identifier: Apache-2.0

/// The attributes of one entry.
struct AttributeValues {
    private(set) var values: [(name: UInt16, value: AttributeValue)] = []

    mutating func append(_ name: UInt16, _ value: AttributeValue) { values.append((name, value)) }

    subscript(name: UInt16) -> AttributeValue? {
        values.first { $0.name == name }?.value
    }

    func flag(_ name: UInt16) -> Bool {
        if case .flag(true)? = self[name] { true } else { false }
    }
}

extension EntryTree {
    func attributes(of entry: Int) throws(DWARFError) -> AttributeValues {
        let record = entries[entry]
        let unit = units[Int(record.unit)]
        var cursor = Cursor(sections.information, at: Int(record.attributesOffset), end: unit.end)
        var values = AttributeValues()
        for specification in abbreviations.specifications[abbreviations.all[Int(record.abbreviation)].attributes] {
            values.append(
                specification.name,
                try cursor.value(form: specification.form, implicit: specification.implicit, encoding: unit.encoding))
        }
        return values
    }

    func string(_ value: AttributeValue?, in unit: Unit) throws(DWARFError) -> String? {
        try sections.string(value, in: unit)
    }

    func address(_ value: AttributeValue?, in unit: Unit) throws(DWARFError) -> DWARFAddress? {
        try sections.address(value, in: unit)
    }

    func address(at index: UInt64, in unit: Unit) throws(DWARFError) -> DWARFAddress {
        try sections.address(at: index, in: unit)
    }

    /// The entry that a reference names.
    func entry(_ value: AttributeValue?) throws(DWARFError) -> Int? {
        switch value {
        case .reference(let offset):
            guard let index = index(at: offset) else {
                throw DWARFError(
                    .malformed, "a reference names offset \(offset), where no entry starts",
                    section: sections.information.name, offset: Int(exactly: offset))
            }
            return index
        case .signature(let signature): return signatures[signature]
        default: return nil
        }
    }

    /// The value of an attribute of an entry, or else of what the entry completes (`DW_AT_abstract_origin`,
    /// `DW_AT_specification`), with the unit it is in.
    func inherited(
        _ name: UInt16, of entry: Int
    ) throws(DWARFError) -> (value: AttributeValue, unit: Unit)? {
        var current = entry
        // Entries may refer to each other in a circle; real chains have three links.
        for _ in 0..<16 {
            let values = try attributes(of: current)
            if let value = values[name] { return (value, unit(of: current)) }
            guard
                let origin = try self.entry(values[Attribute.abstractOrigin] ?? values[Attribute.specification])
            else { return nil }
            current = origin
        }
        return nil
    }

    func inheritedName(of entry: Int) throws(DWARFError) -> String {
        guard let found = try inherited(Attribute.name, of: entry) else { return "" }
        return try string(found.value, in: found.unit) ?? ""
    }
}
