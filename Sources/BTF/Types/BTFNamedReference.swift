// SPDX-License-Identifier: Apache-2.0

/// Another name for a type: ``BTF_KIND_TYPEDEF``.
public struct BTFNamedReference: Hashable, Sendable {
    /// The new name.
    public var name: String
    /// The type it stands for.
    public var type: BTFTypeID

    /// Makes a typedef.
    public init(name: String, type: BTFTypeID) {
        self.name = name
        self.type = type
    }
}

/// A structure or union that is only declared: ``BTF_KIND_FWD``.
public struct BTFForward: Hashable, Sendable {
    /// The tag.
    public var name: String
    /// Whether it is a union.
    public var isUnion: Bool

    /// Makes a forward declaration.
    public init(name: String, isUnion: Bool = false) {
        self.name = name
        self.isUnion = isUnion
    }
}

/// A floating-point number: ``BTF_KIND_FLOAT``.
public struct BTFFloat: Hashable, Sendable {
    /// The name, such as `double`.
    public var name: String
    /// The size in bytes: 2, 4, 8, 12 or 16.
    public var size: UInt32

    /// Makes a floating-point type.
    public init(name: String, size: UInt32) {
        self.name = name
        self.size = size
    }
}
