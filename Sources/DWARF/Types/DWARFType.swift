// SPDX-License-Identifier: Apache-2.0

/// One type, one level deep: what it refers to is named by id, so types may refer to themselves.
public enum DWARFType: Sendable, Hashable {
    /// No type.
    case void
    /// A number, character or truth value.
    case base(DWARFBaseType)
    /// A pointer.
    case pointer(DWARFTypeID)
    /// A structure, or a C++ class.
    case structure(DWARFComposite)
    /// A union.
    case union(DWARFComposite)
    /// An enumeration.
    case enumeration(DWARFEnumeration)
    /// An array of one or more dimensions.
    case array(DWARFArray)
    /// Another name of a type.
    case typedef(name: String, DWARFTypeID)
    /// A constant of a type.
    case const(DWARFTypeID)
    /// A type whose values change by themselves.
    case volatile(DWARFTypeID)
    /// A pointer type whose target no other pointer has.
    case restrict(DWARFTypeID)
    /// A type with atomic access.
    case atomic(DWARFTypeID)
    /// A function, as pointers point to.
    case function(DWARFFunctionType)
    /// A type without description, such as C++'s `nullptr_t`.
    case unspecified(name: String)
}

/// A number, character or truth value.
public struct DWARFBaseType: Sendable, Hashable {
    /// The name in the source, such as `unsigned int`.
    public let name: String
    /// The size in bytes.
    public let size: UInt64
    /// What the bits mean.
    public let encoding: Encoding
    /// The number of bits that are used, where that is fewer than the bytes have.
    public let bitSize: UInt64?

    /// What the bits of a base type mean (`DW_ATE_*`).
    public struct Encoding: RawRepresentable, Sendable, Hashable {
        /// The number in the file.
        public let rawValue: UInt8
        /// Makes an encoding of its number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// A truth value.
        public static let boolean = Encoding(rawValue: 0x02)
        /// A floating-point number.
        public static let float = Encoding(rawValue: 0x04)
        /// A number with sign.
        public static let signed = Encoding(rawValue: 0x05)
        /// A character that is a number with sign.
        public static let signedCharacter = Encoding(rawValue: 0x06)
        /// A number without sign.
        public static let unsigned = Encoding(rawValue: 0x07)
        /// A character that is a number without sign.
        public static let unsignedCharacter = Encoding(rawValue: 0x08)
        /// A Unicode code unit.
        public static let unicode = Encoding(rawValue: 0x10)

        /// The value can be negative.
        public var isSigned: Bool { self == .signed || self == .signedCharacter }
    }
}

/// A structure or union.
public struct DWARFComposite: Sendable, Hashable {
    /// The tag; empty when it has none.
    public let name: String
    /// The size in bytes.
    public let size: UInt64
    /// The members in the order of the source.
    public let members: [DWARFMember]
    /// It is only declared: size and members are not known here.
    public let isDeclaration: Bool
}

/// A member of a structure or union.
public struct DWARFMember: Sendable, Hashable {
    /// The name; empty for an anonymous structure or union, whose members count as the outer one's.
    public let name: String
    /// The type.
    public let type: DWARFTypeID
    /// Where it starts, in bits from the composite's start; in big-endian files counted from the most significant bit,
    /// as BTF does too.
    public let bitOffset: UInt64
    /// The width of a bit field in bits; `nil` for other members.
    public let bitSize: UInt64?
    /// The line it is declared in; 0 when unknown.
    public let line: UInt64
}

/// An enumeration.
public struct DWARFEnumeration: Sendable, Hashable {
    /// The tag; empty when it has none.
    public let name: String
    /// The size in bytes.
    public let size: UInt64
    /// The type of its values; ``DWARFTypeID/void`` when the compiler did not say.
    public let underlying: DWARFTypeID
    /// Values can be negative.
    public let isSigned: Bool
    /// The names and values.
    public let values: [DWARFEnumerator]
    /// It is only declared.
    public let isDeclaration: Bool
}

/// One name of an enumeration.
public struct DWARFEnumerator: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The value; of enumerations without sign its bit pattern.
    public let value: Int64
}

/// An array.
public struct DWARFArray: Sendable, Hashable {
    /// The type of an element.
    public let element: DWARFTypeID
    /// The number of elements of each dimension, the outermost first; `nil` where it is not fixed (`int rest[]`).
    public let counts: [UInt64?]
}

/// The type of a function.
public struct DWARFFunctionType: Sendable, Hashable {
    /// What it returns.
    public let result: DWARFTypeID
    /// What it takes, with names where they are known.
    public let parameters: [DWARFParameter]
    /// It takes further arguments (`...`).
    public let isVariadic: Bool
}

/// A parameter of a function's type.
public struct DWARFParameter: Sendable, Hashable {
    /// The name; empty when unknown.
    public let name: String
    /// The type.
    public let type: DWARFTypeID
}
