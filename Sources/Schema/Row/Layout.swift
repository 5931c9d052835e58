// SPDX-License-Identifier: Apache-2.0

/// How a column's value lies in memory.
public indirect enum Layout: Hashable, Sendable {
    /// An integer or a bit field.
    case integer(IntegerLayout)
    /// A `bool`, or a bit field of one.
    case boolean(IntegerLayout)
    /// A value of a C enumeration.
    case enumeration(IntegerLayout, EnumerationNames)
    /// A pointer.
    case pointer(IntegerLayout)
    /// A `float` (4 bytes) or `double` (8 bytes).
    case float(IntegerLayout)
    /// Text of at most `count` bytes that ends at its first NUL; `nil`: the rest of the record.
    case text(count: Int?)
    /// Bytes without structure; `nil`: the rest of the record.
    case bytes(count: Int?)
    /// Elements `stride` bytes apart; without a count, as many as the rest of the record holds.
    case array(element: Layout, stride: Int, count: Int?)
    /// The fields of a structure in an array, with offsets from the element's start.
    case structure([Column])

    /// The bytes that a value takes, or `nil` when it takes the rest of the record.
    public var size: Int? {
        switch self {
        case .integer(let layout), .boolean(let layout), .pointer(let layout), .float(let layout),
            .enumeration(let layout, _):
            layout.size
        case .text(let count), .bytes(let count): count
        case .array(_, let stride, let count): count.map { stride &* $0 }
        case .structure(let columns): columns.map { $0.offset + ($0.layout.size ?? 0) }.max() ?? 0
        }
    }

    /// The integer's layout, where the value is a number, an enumeration, a `bool` or a pointer.
    public var integer: IntegerLayout? {
        switch self {
        case .integer(let layout), .boolean(let layout), .pointer(let layout), .enumeration(let layout, _): layout
        case .float, .text, .bytes, .array, .structure: nil
        }
    }
}
