// SPDX-License-Identifier: Apache-2.0

/// A typed value, decoded from a record, a map entry or a variable.
///
/// ```swift
/// let schema = try RowSchema(table: table, type: event)
/// guard case .text(let command)? = schema.value(of: "task.comm", in: record) else { return }
/// ```
public enum Value: Hashable, Sendable {
    /// A signed integer of up to 64 bits.
    case signed(Int64)
    /// An unsigned integer of up to 64 bits.
    case unsigned(UInt64)
    /// A signed integer of 128 bits.
    case wideSigned(Int128)
    /// An unsigned integer of 128 bits.
    case wideUnsigned(UInt128)
    /// A `bool`.
    case boolean(Bool)
    /// A `float` or `double`.
    case float(Double)
    /// Text up to its NUL, invalid UTF-8 repaired with U+FFFD.
    case text(String)
    /// Bytes without a better reading.
    case bytes([UInt8])
    /// A value of a C enumeration; the name is `nil` when the type has none for it.
    case enumeration(name: String?, raw: Int64)
    /// A pointer.
    case address(UInt64)
    /// An IPv4 or IPv6 address.
    case internetAddress(InternetAddress)
    /// The elements of an array that were all there.
    case array([Value])
    /// The fields of a structure in the order of declaration.
    case structure([Field])

    /// One field of a structure.
    public struct Field: Hashable, Sendable {
        /// The field's name in the source.
        public let name: String
        /// The value, or `nil` when the record ends before it.
        public let value: Value?

        /// Makes a field.
        public init(name: String, value: Value?) {
            self.name = name
            self.value = value
        }
    }

    /// The value as an integer, where it is one: integers, booleans, enumerations, pointers.
    public var integer: Int128? {
        switch self {
        case .signed(let value): Int128(value)
        case .unsigned(let value), .address(let value): Int128(value)
        case .wideSigned(let value): value
        case .wideUnsigned(let value): Int128(exactly: value)
        case .boolean(let value): value ? 1 : 0
        case .enumeration(_, let raw): Int128(raw)
        case .float, .text, .bytes, .internetAddress, .array, .structure: nil
        }
    }

    /// The fields by name, where the value is a structure.
    public subscript(name: String) -> Value? {
        guard case .structure(let fields) = self else { return nil }
        return fields.first { $0.name == name }?.value
    }
}

extension Value: CustomStringConvertible {
    /// A plain reading for debugging and messages; ``Presentation`` has the one for people.
    public var description: String {
        switch self {
        case .signed(let value): value.description
        case .unsigned(let value): value.description
        case .wideSigned(let value): value.description
        case .wideUnsigned(let value): value.description
        case .boolean(let value): value.description
        case .float(let value): value.description
        case .text(let text): "\"\(text)\""
        case .bytes(let bytes): bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        case .enumeration(let name, let raw): name ?? raw.description
        case .address(let value): "0x" + String(value, radix: 16)
        case .internetAddress(let address): address.description
        case .array(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .structure(let fields):
            "{" + fields.map { "\($0.name): \($0.value?.description ?? "missing")" }.joined(separator: ", ") + "}"
        }
    }
}
