// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Writes a table again with some types replaced; all others are copied as they are, and ids and strings stay.
///
/// ```swift
/// var rewriter = BTFRewriter(table)
/// rewriter.replace(id, with: .const(target))
/// let bytes = try rewriter.encode()
/// ```
///
/// - Complexity: O(bytes); only replaced types are encoded, which is what makes it fast beside ``BTFBuilder``.
public struct BTFRewriter: Sendable {
    private let table: BTFTable
    private var replacements: [(id: BTFTypeID, type: BTFType)] = []
    private var additions: [BTFType] = []

    /// Starts with a table's own types.
    public init(_ table: BTFTable) {
        self.table = table
    }

    /// Replaces an own type. Later calls need higher ids.
    public mutating func replace(_ id: BTFTypeID, with type: BTFType) {
        guard id >= table.firstTypeID, replacements.last.map({ $0.id < id }) ?? true else { return }
        replacements.append((id, type))
    }

    /// Adds a type behind all others.
    ///
    /// - Returns: its id.
    public mutating func append(_ type: BTFType) -> BTFTypeID {
        additions.append(type)
        return BTFTypeID(UInt32(clamping: table.typeCount + additions.count - 1))
    }

    /// Writes the section.
    ///
    /// - Throws: ``BTFError/Code/tooLarge`` when a type has too many members, or a value does not fit.
    public func encode() throws(BTFError) -> [UInt8] {
        guard !(replacements.isEmpty && additions.isEmpty) else { return table.bytes.array }
        var encoder = TypeEncoder(order: table.order, strings: StringTable(continuing: table))
        var next = table.header.types.lowerBound
        for (id, type) in replacements {
            let start = table.byteOffset(ofOwn: id)
            try encoder.copy(table.bytes, next..<start)
            try encoder.append(type)
            let following = BTFTypeID(id.rawValue &+ 1)
            next =
                Int(following.rawValue) < table.typeCount
                ? table.byteOffset(ofOwn: following) : table.header.types.upperBound
        }
        try encoder.copy(table.bytes, next..<table.header.types.upperBound)
        for type in additions { try encoder.append(type) }
        return try encoder.finish()
    }
}
