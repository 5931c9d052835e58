// SPDX-License-Identifier: Apache-2.0

public import Schema

/// By which column the entries of a map are sorted: `count`, `count:asc`, `comm:desc`.
public struct SortOrder: Sendable {
    /// What entries are compared by.
    enum Key: Comparable {
        case number(Int128)
        case float(Double)
        case bytes([UInt8])
        case missing

        static func < (first: Key, second: Key) -> Bool {
            switch (first, second) {
            case (.number(let first), .number(let second)): first < second
            case (.float(let first), .float(let second)): first < second
            case (.bytes(let first), .bytes(let second)): first.lexicographicallyPrecedes(second)
            case (.missing, .missing): false
            case (.missing, _): true
            default: false
            }
        }
    }

    private let column: Column
    let isDescending: Bool

    /// Reads a sort order for rows of a schema. Without a direction, numbers come greatest first and all else smallest
    /// first.
    ///
    /// - Throws: ``PresentationError`` when there is no such column or direction.
    public init(_ text: String, schema: RowSchema) throws(PresentationError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        do throws(SchemaError) {
            column = schema.columns[try schema.index(of: name)]
        } catch {
            throw PresentationError(.unknownColumn, error.message, hint: error.hint)
        }
        switch parts.count > 1 ? parts[1] : "" {
        case "asc" where parts.count == 2: isDescending = false
        case "desc" where parts.count == 2: isDescending = true
        case "" where parts.count == 1:
            if case .float = column.layout { isDescending = true } else { isDescending = column.layout.integer != nil }
        default:
            throw PresentationError(
                .syntax, "'\(text)' is not a sort order", hint: "write COLUMN, COLUMN:asc or COLUMN:desc")
        }
    }

    init?(first indices: [Int], schema: RowSchema) {
        guard let index = indices.first else { return nil }
        column = schema.columns[index]
        isDescending = true
    }

    func key(of record: RawSpan) -> Key {
        switch column.layout {
        case .integer(let layout), .boolean(let layout), .enumeration(let layout, _), .pointer(let layout):
            guard let wide = layout.wide(in: record, at: column.offset) else { return .missing }
            return .number(Int128(truncatingIfNeeded: wide))
        case .float(let layout):
            return Layout.float(layout, in: record, at: column.offset).map { .float($0) } ?? .missing
        case .text(let count), .bytes(let count):
            guard let range = Layout.range(in: record, at: column.offset, count: count, limit: nil) else {
                return .missing
            }
            let isText = column.layout == .text(count: count)
            return record.withUnsafeBytes { raw in
                .bytes(isText ? Array(raw[range].prefix { $0 != 0 }) : Array(raw[range]))
            }
        case .array, .structure: return .missing
        }
    }
}
