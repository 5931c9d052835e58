// SPDX-License-Identifier: Apache-2.0

/// A variable: ``BTF_KIND_VAR``.
public struct BTFVariable: Hashable, Sendable {
    /// The name.
    public var name: String
    /// The type.
    public var type: BTFTypeID
    /// Who can see it.
    public var linkage: BTFLinkage

    /// Makes a variable.
    public init(name: String, type: BTFTypeID, linkage: BTFLinkage = .global) {
        self.name = name
        self.type = type
        self.linkage = linkage
    }
}

/// A section with variables: ``BTF_KIND_DATASEC``.
public struct BTFDataSection: Hashable, Sendable {
    /// The name of the section, such as `.rodata`.
    public var name: String
    /// The size in bytes. Compilers leave it 0; a loader sets it from the object file.
    public var size: UInt32
    /// The variables.
    public var variables: [BTFDataSectionVariable]

    /// Makes a section.
    public init(name: String, size: UInt32, variables: [BTFDataSectionVariable]) {
        self.name = name
        self.size = size
        self.variables = variables
    }
}

/// Where a variable lies in its section.
public struct BTFDataSectionVariable: Hashable, Sendable {
    /// The id of the ``BTFVariable`` or ``BTFFunction``.
    public var type: BTFTypeID
    /// The offset in bytes from the start of the section.
    public var offset: UInt32
    /// The size in bytes.
    public var size: UInt32

    /// Makes a place for a variable.
    public init(type: BTFTypeID, offset: UInt32, size: UInt32) {
        self.type = type
        self.offset = offset
        self.size = size
    }
}
