// SPDX-License-Identifier: Apache-2.0

/// One leaf of a type: a value at a fixed place of a record.
public struct Column: Hashable, Sendable {
    /// The names from the outermost type to the field: `["task", "comm"]`; anonymous members add none.
    public let components: [String]
    /// The bytes before it in the record.
    public let offset: Int
    /// How the value lies in memory.
    public let layout: Layout
    /// The C type, such as `char[16]` or `__be32`.
    public let typeName: String
    /// What the value stands for.
    public let meaning: Meaning
    /// Whether it is padding, which is not shown unless it is asked for.
    public let isHidden: Bool
    /// The column that this one is read with: the address family of an address, the length of a payload, text or stack.
    public internal(set) var companion: Int?

    init(
        components: [String], offset: Int, layout: Layout, typeName: String, meaning: Meaning, isHidden: Bool = false,
        companion: Int? = nil
    ) {
        self.components = components
        self.offset = offset
        self.layout = layout
        self.typeName = typeName
        self.meaning = meaning
        self.isHidden = isHidden
        self.companion = companion
    }

    func renamed(_ components: [String]) -> Column {
        Column(
            components: components, offset: offset, layout: layout, typeName: typeName, meaning: meaning,
            isHidden: isHidden, companion: companion)
    }

    /// The column with another meaning.
    public func with(meaning: Meaning) -> Column {
        Column(
            components: components, offset: offset, layout: layout, typeName: typeName, meaning: meaning,
            isHidden: isHidden, companion: companion)
    }

    /// The names joined by dots: `task.comm`.
    public var path: String { components.joined(separator: ".") }
    /// The field's own name.
    public var name: String { components.last ?? "" }
}
