// SPDX-License-Identifier: Apache-2.0

extension DebugSections {
    /// A unit's first entry has one of the first abbreviations of its table.
    private static let mostAbbreviations = 64

    /// The folder that the compiler ran in, by the offset of the line table that a unit names.
    ///
    /// Reads no more than each unit's first entry. What cannot be read is left out: a path is then shorter, and that is
    /// better than none.
    func compilationDirectories(_ names: inout NameBudget) -> [UInt64: String] {
        var directories: [UInt64: String] = [:]
        var offset = 0
        while offset < information.count {
            var cursor = Cursor(information, at: offset)
            guard let unit = try? cursor.enterUnit() else { break }
            if let found = try? compilationDirectory(ofUnitAt: offset) {
                guard let directory = try? names.spend(found.directory) else { break }
                directories[found.table] = directory
            }
            offset = unit.end
        }
        return directories
    }

    private func compilationDirectory(
        ofUnitAt offset: Int
    ) throws(DWARFError) -> (table: UInt64, directory: String)? {
        var cursor = Cursor(information, at: offset)
        var unit = try Unit(&cursor)
        let code = try cursor.unsignedLEB()
        guard
            let specifications = try Abbreviations.specifications(
                ofCode: code, inTableAt: unit.abbreviationOffset, of: abbreviations, atMost: Self.mostAbbreviations)
        else { return nil }
        var values = AttributeValues()
        for specification in specifications {
            values.append(
                specification.name,
                try cursor.value(form: specification.form, implicit: specification.implicit, encoding: unit.encoding))
        }
        if let base = values[Attribute.stringOffsetsBase]?.unsigned { unit.stringOffsetsBase = base }
        guard let table = values[Attribute.statementList]?.unsigned,
            let directory = try string(values[Attribute.compilationDirectory], in: unit)
        else { return nil }
        return (table, directory)
    }
}
