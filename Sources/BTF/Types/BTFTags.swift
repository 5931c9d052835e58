// SPDX-License-Identifier: Apache-2.0

/// A tag on a declaration: ``BTF_KIND_DECL_TAG``, Linux 5.16.
public struct BTFDeclarationTag: Hashable, Sendable {
    /// The text of the tag, such as `bpf_kfunc`.
    public var name: String
    /// The type, function or variable that carries it.
    public var type: BTFTypeID
    /// Which member or parameter carries it; -1 for the whole.
    public var componentIndex: Int32
    /// Whether ``name`` is the text of a compiler attribute (kind flag, Linux 6.15).
    public var isAttribute: Bool

    /// Makes a tag.
    public init(name: String, type: BTFTypeID, componentIndex: Int32 = -1, isAttribute: Bool = false) {
        self.name = name
        self.type = type
        self.componentIndex = componentIndex
        self.isAttribute = isAttribute
    }
}

/// A tag on a type: ``BTF_KIND_TYPE_TAG``, Linux 5.17.
public struct BTFTypeTag: Hashable, Sendable {
    /// The text of the tag, such as `user` or `rcu`.
    public var name: String
    /// The type that carries it.
    public var type: BTFTypeID
    /// Whether ``name`` is the text of a compiler attribute (kind flag, Linux 6.15).
    public var isAttribute: Bool

    /// Makes a tag.
    public init(name: String, type: BTFTypeID, isAttribute: Bool = false) {
        self.name = name
        self.type = type
        self.isAttribute = isAttribute
    }
}
