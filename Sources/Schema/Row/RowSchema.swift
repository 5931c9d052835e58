// SPDX-License-Identifier: Apache-2.0

public import BTF
public import Bytes

/// How to read records of a type: compiled once from BTF into a flat plan of columns.
///
/// Reading a value looks nothing up in BTF and allocates only for text, bytes and arrays. A record that is shorter than
/// the type has missing values at its end; a longer one is fine, and its rest belongs to a flexible array.
///
/// ```swift
/// let schema = try RowSchema(table: table, type: event, meanings: ["nr": .syscall])
/// let pid = schema.value(of: "pid", in: record)
/// ```
public struct RowSchema: Sendable {
    /// The C type, such as `struct event`.
    public let typeName: String
    /// The bytes of the type without a flexible array's elements.
    public let size: Int
    /// The byte order of records.
    public let order: ByteOrder
    /// Whether the type has fields, and is not one value.
    public let isComposite: Bool
    /// The columns in the order of declaration.
    public let columns: [Column]
    private let indices: [String: Int]

    /// Compiles a type.
    ///
    /// - Parameters:
    ///   - table: the type information.
    ///   - type: the type of a record: mostly a structure; anything else is one column.
    ///   - name: the name of that one column.
    ///   - rules: the rules that give columns their meaning.
    ///   - meanings: meanings of single columns by path, which go before the rules.
    /// - Throws: ``SchemaError`` when the type cannot be shown, has more than 4096 columns or is nested deeper than 32,
    ///   or when `meanings` names a column that there is not.
    public init(
        table: BTFTable, type: BTFTypeID, name: String = "value", rules: MeaningRules = .standard,
        meanings: [String: Meaning] = [:]
    ) throws(SchemaError) {
        var compiler = SchemaCompiler(table: table, rules: rules, meanings: meanings)
        let (typeName, size, isComposite) = try compiler.compile(type, name: name)
        self.init(
            typeName: typeName, size: size, order: table.order, columns: compiler.columns, isComposite: isComposite)
        for path in meanings.keys.sorted() where indices[path] == nil {
            throw unknownField(path)
        }
    }

    /// Makes the schema of records about whose type nothing is known: one column of bytes.
    ///
    /// - Parameters:
    ///   - size: the bytes of a record; `nil` when they vary.
    ///   - name: the column's name.
    public init(opaque size: Int?, name: String = "value") {
        let type = size.map { "u8[\($0)]" } ?? "u8[]"
        let column = Column(
            components: [name], offset: 0, layout: .bytes(count: size), typeName: type, meaning: .payload)
        self.init(typeName: type, size: size ?? 0, order: .host, columns: [column], isComposite: false)
    }

    /// Joins the schemas of a map's keys and values: a record is a key's bytes with a value's behind them, and paths
    /// begin with `key` and `value`.
    public init(key: RowSchema, value: RowSchema) {
        let shifted = key.columns.map { $0.moved(under: "key", isWhole: !key.isComposite, by: 0, companionBy: 0) }
        let others = value.columns.map {
            $0.moved(under: "value", isWhole: !value.isComposite, by: key.size, companionBy: shifted.count)
        }
        self.init(
            typeName: "\(key.typeName) -> \(value.typeName)", size: key.size + value.size, order: value.order,
            columns: shifted + others, isComposite: true)
    }

    init(typeName: String, size: Int, order: ByteOrder, columns: [Column], isComposite: Bool) {
        self.typeName = typeName
        self.size = size
        self.order = order
        self.columns = columns
        self.isComposite = isComposite
        indices = Dictionary(
            columns.indices.map { (columns[$0].path, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The index of a column by its path, or by the end of its path where only one column ends so.
    ///
    /// - Throws: ``SchemaError`` with a suggestion when there is none, or several.
    public func index(of path: String) throws(SchemaError) -> Int {
        if let index = indices[path] { return index }
        let close = columns.indices.filter { columns[$0].path.hasSuffix("." + path) }
        if close.count == 1 { return close[0] }
        if close.count > 1 {
            throw SchemaError(
                .unknownField, "'\(path)' may be any of \(close.map { columns[$0].path }.joined(separator: ", "))",
                hint: "write the whole path")
        }
        throw unknownField(path)
    }

    private func unknownField(_ path: String) -> SchemaError {
        let names = columns.filter { !$0.isHidden }.map(\.path)
        let near = names.min { Spelling.distance($0, path) < Spelling.distance($1, path) }
        let suggestion = near.flatMap { Spelling.distance($0, path) <= max(1, path.count / 3) ? $0 : nil }
        return SchemaError(
            .unknownField, "\(typeName) has no column '\(path)'",
            hint: suggestion.map { "did you mean '\($0)'?" }
                ?? "the columns are \(names.prefix(40).joined(separator: ", "))")
    }

    /// The first column with a meaning, or `nil`.
    public func firstIndex(where predicate: (Meaning) -> Bool) -> Int? {
        columns.firstIndex { predicate($0.meaning) && !$0.isHidden }
    }
}

extension Column {
    fileprivate func moved(under prefix: String, isWhole: Bool, by distance: Int, companionBy shift: Int) -> Column {
        // The one column of a scalar is called like the map's side: `key`, not `key.key`.
        let components = isWhole && components == [prefix] ? components : [prefix] + components
        return Column(
            components: components, offset: offset &+ distance, layout: layout, typeName: typeName, meaning: meaning,
            isHidden: isHidden, companion: companion.map { $0 + shift })
    }
}
