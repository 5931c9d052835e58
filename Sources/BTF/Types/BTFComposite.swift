// SPDX-License-Identifier: Apache-2.0

/// A structure or union: ``BTF_KIND_STRUCT``, ``BTF_KIND_UNION``.
public struct BTFComposite: Hashable, Sendable {
    /// The tag; empty for an anonymous one.
    public var name: String
    /// The size in bytes.
    public var size: UInt32
    /// The members in the order of their declaration.
    public var members: [BTFMember]

    /// Makes a structure or union.
    public init(name: String, size: UInt32, members: [BTFMember]) {
        self.name = name
        self.size = size
        self.members = members
    }
}

/// A member of a structure or union.
public struct BTFMember: Hashable, Sendable {
    /// The name; empty for an anonymous structure or union inside.
    public var name: String
    /// The type.
    public var type: BTFTypeID
    /// Where it starts, in bits from the start of the structure.
    public var bitOffset: UInt32
    /// The width in bits of a bit field; 0 for any other member.
    public var bitfieldSize: UInt8

    /// Makes a member.
    public init(name: String, type: BTFTypeID, bitOffset: UInt32, bitfieldSize: UInt8 = 0) {
        self.name = name
        self.type = type
        self.bitOffset = bitOffset
        self.bitfieldSize = bitfieldSize
    }
}
