// SPDX-License-Identifier: Apache-2.0

public import Schema

/// An expression that chooses rows: `comm==bash && (ret<0 || delta>10ms)`.
///
/// A comparison has a column on its left and a value on its right. Numbers take `==`, `!=`, `<`, `<=`, `>`, `>=`, and
/// values such as `0x10`, `-ENOENT`, `SIGKILL`, `openat`, `10ms`, a name of the enumeration; text takes `==` and the
/// other orders, `=~` with a pattern of `*` and `?`, and `~` for "contains"; addresses take `==` and `!=` with an
/// address or a network (`10.0.0.0/8`). A column alone is true when it is not zero. `!`, `&&`, `||` and parentheses
/// join them. A comparison of a value that a short record lacks is false, whatever its operator.
///
/// The expression is checked against the schema once; checking a row allocates nothing but for
/// the arguments of a command.
public struct RowFilter: Sendable {
    private let root: FilterNode

    /// Compiles an expression for rows of a schema.
    ///
    /// - Throws: ``PresentationError`` that says where in the expression something is wrong.
    public init(_ expression: String, schema: RowSchema) throws(PresentationError) {
        var parser = try FilterParser(expression, schema: schema)
        root = try parser.parse()
    }

    /// Whether a record is chosen.
    public func matches(_ record: RawSpan) -> Bool {
        root.matches(record)
    }
}

/// A compiled expression.
indirect enum FilterNode: Sendable {
    case and(FilterNode, FilterNode)
    case or(FilterNode, FilterNode)
    case not(FilterNode)
    case number(IntegerLayout, offset: Int, FilterOperator, Int128)
    case float(IntegerLayout, offset: Int, FilterOperator, Double)
    case text(offset: Int, count: Int?, FilterOperator, [UInt8])
    case arguments(offset: Int, count: Int?, limit: IntegerLayout?, limitOffset: Int, FilterOperator, [UInt8])
    case bytes(offset: Int, count: Int?, FilterOperator, [UInt8])
    case address(FilterAddress, isEqual: Bool, InternetAddress, prefix: Int)

    func matches(_ record: RawSpan) -> Bool {
        switch self {
        case .and(let first, let second): return first.matches(record) && second.matches(record)
        case .or(let first, let second): return first.matches(record) || second.matches(record)
        case .not(let node): return !node.matches(record)
        case .number(let layout, let offset, let comparison, let expected):
            guard layout.width <= 64 else {
                guard let wide = layout.wide(in: record, at: offset) else { return false }
                return comparison.holds(Int128(truncatingIfNeeded: wide), expected)
            }
            guard let word = layout.word(in: record, at: offset) else { return false }
            return comparison.holds(layout.isSigned ? Int128(Int64(bitPattern: word)) : Int128(word), expected)
        case .float(let layout, let offset, let comparison, let expected):
            guard let value = Layout.float(layout, in: record, at: offset) else { return false }
            return comparison.holds(value, expected)
        case .text(let offset, let count, let comparison, let expected):
            guard let range = Layout.range(in: record, at: offset, count: count, limit: nil) else { return false }
            return record.withUnsafeBytes { raw in
                let bytes = raw[range]
                return comparison.holds(bytes.prefix { $0 != 0 }, expected)
            }
        case .arguments(let offset, let count, let layout, let limitOffset, let comparison, let expected):
            let limit = layout?.word(in: record, at: limitOffset).map { Int(clamping: $0) }
            guard let range = Layout.arguments(in: record, at: offset, count: count, limit: limit) else { return false }
            return record.withUnsafeBytes { raw in
                comparison.holds(raw[range].map { $0 == 0 ? 0x20 : $0 }, expected)
            }
        case .bytes(let offset, let count, let comparison, let expected):
            guard let range = Layout.range(in: record, at: offset, count: count, limit: nil) else { return false }
            return record.withUnsafeBytes { raw in comparison.holds(raw[range], expected) }
        case .address(let place, let isEqual, let network, let prefix):
            guard let address = place.read(record) else { return false }
            return address.isInside(network, prefix: prefix) == isEqual
        }
    }
}

/// Where an address lies, and the family that decides its version.
struct FilterAddress: Sendable {
    let offset: Int
    let count: Int
    let family: IntegerLayout?
    let familyOffset: Int

    func read(_ record: RawSpan) -> InternetAddress? {
        let number = family?.word(in: record, at: familyOffset)
        return InternetAddress.read(
            in: record, at: offset, count: count, isVersion4: number == 2 ? true : number == 10 ? false : nil)
    }
}

extension FilterOperator {
    func holds<T: Comparable>(_ value: T, _ expected: T) -> Bool {
        switch self {
        case .equal: value == expected
        case .notEqual: value != expected
        case .less: value < expected
        case .lessOrEqual: value <= expected
        case .greater: value > expected
        case .greaterOrEqual: value >= expected
        case .matches, .contains: false
        }
    }

    func holds<Bytes: RandomAccessCollection<UInt8>>(_ value: Bytes, _ expected: [UInt8]) -> Bool
    where Bytes.Index == Int {
        switch self {
        case .equal: value.elementsEqual(expected)
        case .notEqual: !value.elementsEqual(expected)
        case .less: value.lexicographicallyPrecedes(expected)
        case .lessOrEqual: !expected.lexicographicallyPrecedes(value)
        case .greater: expected.lexicographicallyPrecedes(value)
        case .greaterOrEqual: !value.lexicographicallyPrecedes(expected)
        case .matches: Pattern.matches(value, pattern: expected)
        case .contains: Self.contains(value, expected)
        }
    }

    private static func contains<Bytes: RandomAccessCollection<UInt8>>(_ value: Bytes, _ part: [UInt8]) -> Bool
    where Bytes.Index == Int {
        guard let first = part.first else { return true }
        guard value.count >= part.count else { return false }
        for start in value.startIndex...(value.endIndex - part.count) where value[start] == first {
            if value[start...].starts(with: part) { return true }
        }
        return false
    }
}
