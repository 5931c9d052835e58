// SPDX-License-Identifier: Apache-2.0

/// What `BPF_MAP_CREATE` needs.
public struct MapCreation: Sendable, Hashable {
    /// `enum bpf_map_type`.
    public var kind: UInt32
    /// Bytes of a key; 0 for keyless maps and ring buffers.
    public var keySize: UInt32
    /// Bytes of a value; 0 for ring buffers.
    public var valueSize: UInt32
    /// The most entries; bytes for a ring buffer, pages for an arena.
    public var maxEntries: UInt32
    /// `BPF_F_*` flags of map creation. Those that say that another field is set are added by themselves.
    public var flags: UInt32
    /// The descriptor of the map that serves as pattern for the maps in this map.
    public var innerMap: Int32?
    /// The memory node to allocate on (adds `BPF_F_NUMA_NODE`).
    public var numaNode: UInt32?
    /// The name; it is cut and sanitised. Empty: none (names came with Linux 4.15).
    public var name = ""
    /// The interface of an offloaded map.
    public var interfaceIndex: UInt32 = 0
    /// The descriptor of the BTF that ``keyType`` and ``valueType`` mean.
    public var btf: Int32?
    /// The key's BTF type; 0 for none.
    public var keyType: UInt32 = 0
    /// The value's BTF type; 0 for none.
    public var valueType: UInt32 = 0
    /// The kernel's BTF type of a struct_ops map's value (`btf_vmlinux_value_type_id`).
    public var kernelValueType: UInt32 = 0
    /// Bloom filter: hashes; arena: the user address (`map_extra`, Linux 5.16).
    public var extra: UInt64 = 0
    /// The descriptor of the module BTF that ``kernelValueType`` is in (Linux 6.9; adds the flag for it).
    public var kernelValueModule: Int32?
    /// The descriptor of a BPF token (Linux 6.9; adds the flag for it).
    public var token: Int32?
    /// The SHA-256 digest of the only program that may use the map (Linux 6.18); empty for any.
    public var exclusiveProgramHash: [UInt8] = []

    /// Makes a description with the fields that every map has.
    public init(
        kind: UInt32, keySize: UInt32, valueSize: UInt32, maxEntries: UInt32, flags: UInt32 = 0, name: String = ""
    ) {
        self.kind = kind
        self.keySize = keySize
        self.valueSize = valueSize
        self.maxEntries = maxEntries
        self.flags = flags
        self.name = name
    }
}
