// SPDX-License-Identifier: Apache-2.0

/// One attribute of an abbreviation: its name, how its value is stored, and the value itself for `implicit_const`.
struct AttributeSpecification: Sendable {
    let name: UInt16
    let form: UInt16
    let implicit: Int64
}

/// What all entries with one abbreviation code have in common.
struct Abbreviation: Sendable {
    let tag: UInt16
    let hasChildren: Bool
    let attributes: Range<Int>
}

/// The abbreviation tables of a file, each read once.
struct Abbreviations: Sendable {
    private(set) var all: [Abbreviation] = []
    private(set) var specifications: [AttributeSpecification] = []
    private var tables: [UInt64: [UInt64: Int]] = [:]
    private let section: DebugSection

    /// Far more attributes than any compiler gives one entry; entries can be a byte long, so each costs much work.
    private static let mostAttributes = 256
    /// Tables may overlap in a hostile file, so their sum is not bounded by the section's size.
    private static let mostSpecifications = 1 << 20

    init(_ section: DebugSection) {
        self.section = section
    }

    /// The indices of the abbreviations by code, of the table at an offset.
    mutating func table(at offset: UInt64) throws(DWARFError) -> [UInt64: Int] {
        if let known = tables[offset] { return known }
        var cursor = Cursor(section, at: Int(exactly: offset) ?? .max)
        var table: [UInt64: Int] = [:]
        while true {
            let start = cursor.offset
            let code = try cursor.unsignedLEB()
            if code == 0 { break }
            let tag = try cursor.unsignedLEB()
            let hasChildren = try cursor.read(UInt8.self) != 0
            let first = specifications.count
            while let specification = try Self.specification(&cursor) {
                specifications.append(specification)
                guard specifications.count - first <= Self.mostAttributes else {
                    throw cursor.error(
                        .tooLarge, "an abbreviation has more than \(Self.mostAttributes) attributes", at: start)
                }
            }
            guard specifications.count + all.count <= Self.mostSpecifications else {
                throw cursor.error(.tooLarge, "the abbreviations have more than \(Self.mostSpecifications) attributes")
            }
            guard table[code] == nil else {
                throw cursor.error(.malformed, "abbreviation code \(code) is defined twice", at: start)
            }
            table[code] = all.count
            all.append(
                Abbreviation(
                    tag: UInt16(exactly: tag) ?? 0, hasChildren: hasChildren, attributes: first..<specifications.count))
        }
        tables[offset] = table
        return table
    }

    /// The attributes of one code, read without the rest of its table; `nil` when it is not among the first ones.
    static func specifications(
        ofCode wanted: UInt64, inTableAt offset: UInt64, of section: DebugSection, atMost limit: Int
    ) throws(DWARFError) -> [AttributeSpecification]? {
        var cursor = Cursor(section, at: Int(exactly: offset) ?? .max)
        for _ in 0..<limit {
            let code = try cursor.unsignedLEB()
            if code == 0 { return nil }
            _ = try cursor.unsignedLEB()
            _ = try cursor.read(UInt8.self)
            var found: [AttributeSpecification] = []
            while let specification = try specification(&cursor) {
                if found.count < mostAttributes { found.append(specification) }
            }
            if code == wanted { return found }
        }
        return nil
    }

    private static func specification(_ cursor: inout Cursor) throws(DWARFError) -> AttributeSpecification? {
        let start = cursor.offset
        let name = try cursor.unsignedLEB()
        let form = try cursor.unsignedLEB()
        if name == 0, form == 0 { return nil }
        guard let name = UInt16(exactly: name), let form = UInt16(exactly: form) else {
            throw cursor.error(.malformed, "an attribute's name or form exceeds 16 bits", at: start)
        }
        let implicit = form == Form.implicitConstant ? try cursor.signedLEB() : 0
        return AttributeSpecification(name: name, form: form, implicit: implicit)
    }
}
