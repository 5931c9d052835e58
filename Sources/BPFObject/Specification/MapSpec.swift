// SPDX-License-Identifier: Apache-2.0

public import BTF

/// A map as an object describes it, before a kernel has made it.
public struct MapSpec: Sendable {
    /// The name in the source.
    public var name: String
    /// The kind of map.
    public var kind: MapKind
    /// The size of a key in bytes.
    public var keySize: UInt32
    /// The size of a value in bytes; of one CPU's value for per-CPU maps.
    public var valueSize: UInt32
    /// The number of entries; for ring buffers the size in bytes.
    public var maximumEntries: UInt32
    /// The kernel's `BPF_F_*` creation flags.
    public var flags: UInt32 = 0
    /// The memory node to allocate from, or `nil` for any.
    public var numaNode: UInt32?
    /// The kernel's `map_extra`: number of hash functions of a bloom filter, address of an arena.
    public var extra: UInt64 = 0
    /// Whether the map is shared by its name below the pin directory.
    public var isPinnedByName = false
    /// The key's type in the object's BTF, or `void`.
    public var keyType: BTFTypeID = .void
    /// The value's type in the object's BTF, or `void`.
    public var valueType: BTFTypeID = .void
    /// The shape of the maps that this map holds.
    public var innerMap: InnerMapSpec?
    /// What the slots hold from the start: names of maps, or of programs in a program array.
    public var initialSlots: [InitialSlot] = []
    /// The contents of a data section that this map carries.
    public var section: DataSection?
    /// The table of functions that this map registers, for maps of the kind `struct_ops`.
    public var structOps: StructOpsSpec?
    /// Whether the map is made unless the caller says otherwise; a `?` before the section's name turns it off.
    public var isCreatedByDefault = true

    /// Makes the description of a map.
    public init(name: String, kind: MapKind, keySize: UInt32, valueSize: UInt32, maximumEntries: UInt32) {
        self.name = name
        self.kind = kind
        self.keySize = keySize
        self.valueSize = valueSize
        self.maximumEntries = maximumEntries
    }

    /// A map or program that a slot holds from the start.
    public struct InitialSlot: Sendable, Hashable {
        /// The slot's number.
        public var index: UInt32
        /// The name of a map or program of the same object.
        public var name: String
    }

    /// The one value of an array map that carries a section of global variables.
    public struct DataSection: Sendable {
        /// Who may change the section's variables.
        public enum Access: Sendable, Hashable {
            /// `.rodata`: constant once the object is loaded; the verifier relies on the values.
            case readOnly
            /// `.data` and `.bss`: changed by programs and by user space.
            case readWrite
            /// `.kconfig`: made when the object is loaded, from the kernel's configuration.
            case kernelConfiguration
        }

        /// The section's name in the object, such as `.rodata`.
        public var name: String
        /// Who may change it.
        public var access: Access
        /// The bytes that the section starts with.
        public var contents: [UInt8]
    }
}

/// The shape of the maps that a map of maps holds.
public final class InnerMapSpec: Sendable {
    /// The description.
    public let spec: MapSpec

    /// Wraps a description.
    public init(_ spec: MapSpec) { self.spec = spec }
}
