// SPDX-License-Identifier: Apache-2.0

/// An enumeration: ``BTF_KIND_ENUM`` or ``BTF_KIND_ENUM64``.
public struct BTFEnumeration: Hashable, Sendable {
    /// The tag; empty for an anonymous one.
    public var name: String
    /// The size in bytes: 1, 2, 4 or 8.
    public var size: UInt32
    /// Whether values are signed. Kernels before 6.0 and their compilers did not record it, and say `false`.
    public var isSigned: Bool
    /// Whether it is stored with 64-bit values (``BTF_KIND_ENUM64``).
    public var is64: Bool
    /// The enumerators in the order of their declaration.
    public var values: [BTFEnumerator]

    /// Makes an enumeration.
    public init(name: String, size: UInt32 = 4, isSigned: Bool = false, is64: Bool = false, values: [BTFEnumerator]) {
        self.name = name
        self.size = size
        self.isSigned = isSigned
        self.is64 = is64
        self.values = values
    }
}

/// A named value of an enumeration.
public struct BTFEnumerator: Hashable, Sendable {
    /// The name.
    public var name: String
    /// The value; of an unsigned 64-bit enumeration, the bits of it.
    public var value: Int64

    /// Makes an enumerator.
    public init(name: String, value: Int64) {
        self.name = name
        self.value = value
    }
}
