// SPDX-License-Identifier: Apache-2.0

/// The kind of a map: `enum bpf_map_type` of the kernel's `include/uapi/linux/bpf.h`.
///
/// The list is open: a number that has no name here is kept as it is.
public struct MapKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The kernel's number.
    public let rawValue: UInt32

    /// Wraps a number of the kernel's.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `BPF_MAP_TYPE_HASH`, Linux 3.19.
    public static let hash = MapKind(rawValue: 1)
    /// `BPF_MAP_TYPE_ARRAY`, Linux 3.19.
    public static let array = MapKind(rawValue: 2)
    /// `BPF_MAP_TYPE_PROG_ARRAY`, Linux 4.2.
    public static let programArray = MapKind(rawValue: 3)
    /// `BPF_MAP_TYPE_PERF_EVENT_ARRAY`, Linux 4.3.
    public static let perfEventArray = MapKind(rawValue: 4)
    /// `BPF_MAP_TYPE_PERCPU_HASH`, Linux 4.6.
    public static let perCPUHash = MapKind(rawValue: 5)
    /// `BPF_MAP_TYPE_PERCPU_ARRAY`, Linux 4.6.
    public static let perCPUArray = MapKind(rawValue: 6)
    /// `BPF_MAP_TYPE_STACK_TRACE`, Linux 4.6.
    public static let stackTrace = MapKind(rawValue: 7)
    /// `BPF_MAP_TYPE_CGROUP_ARRAY`, Linux 4.8.
    public static let cgroupArray = MapKind(rawValue: 8)
    /// `BPF_MAP_TYPE_LRU_HASH`, Linux 4.10.
    public static let leastRecentlyUsedHash = MapKind(rawValue: 9)
    /// `BPF_MAP_TYPE_LRU_PERCPU_HASH`, Linux 4.10.
    public static let leastRecentlyUsedPerCPUHash = MapKind(rawValue: 10)
    /// `BPF_MAP_TYPE_LPM_TRIE`, Linux 4.11.
    public static let longestPrefixMatchTrie = MapKind(rawValue: 11)
    /// `BPF_MAP_TYPE_ARRAY_OF_MAPS`, Linux 4.12.
    public static let arrayOfMaps = MapKind(rawValue: 12)
    /// `BPF_MAP_TYPE_HASH_OF_MAPS`, Linux 4.12.
    public static let hashOfMaps = MapKind(rawValue: 13)
    /// `BPF_MAP_TYPE_DEVMAP`, Linux 4.14.
    public static let deviceMap = MapKind(rawValue: 14)
    /// `BPF_MAP_TYPE_SOCKMAP`, Linux 4.14.
    public static let socketMap = MapKind(rawValue: 15)
    /// `BPF_MAP_TYPE_CPUMAP`, Linux 4.15.
    public static let cpuMap = MapKind(rawValue: 16)
    /// `BPF_MAP_TYPE_XSKMAP`, Linux 4.18.
    public static let xdpSocketMap = MapKind(rawValue: 17)
    /// `BPF_MAP_TYPE_SOCKHASH`, Linux 4.18.
    public static let socketHash = MapKind(rawValue: 18)
    /// `BPF_MAP_TYPE_CGROUP_STORAGE`, Linux 4.19.
    public static let deprecatedCgroupStorage = MapKind(rawValue: 19)
    /// `BPF_MAP_TYPE_REUSEPORT_SOCKARRAY`, Linux 4.19.
    public static let reuseportSocketArray = MapKind(rawValue: 20)
    /// `BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE`, Linux 4.20.
    public static let perCPUCgroupStorage = MapKind(rawValue: 21)
    /// `BPF_MAP_TYPE_QUEUE`, Linux 4.20.
    public static let queue = MapKind(rawValue: 22)
    /// `BPF_MAP_TYPE_STACK`, Linux 4.20.
    public static let stack = MapKind(rawValue: 23)
    /// `BPF_MAP_TYPE_SK_STORAGE`, Linux 5.2.
    public static let socketStorage = MapKind(rawValue: 24)
    /// `BPF_MAP_TYPE_DEVMAP_HASH`, Linux 5.4.
    public static let deviceMapHash = MapKind(rawValue: 25)
    /// `BPF_MAP_TYPE_STRUCT_OPS`, Linux 5.6.
    public static let structOps = MapKind(rawValue: 26)
    /// `BPF_MAP_TYPE_RINGBUF`, Linux 5.8.
    public static let ringBuffer = MapKind(rawValue: 27)
    /// `BPF_MAP_TYPE_INODE_STORAGE`, Linux 5.10.
    public static let inodeStorage = MapKind(rawValue: 28)
    /// `BPF_MAP_TYPE_TASK_STORAGE`, Linux 5.11.
    public static let taskStorage = MapKind(rawValue: 29)
    /// `BPF_MAP_TYPE_BLOOM_FILTER`, Linux 5.16.
    public static let bloomFilter = MapKind(rawValue: 30)
    /// `BPF_MAP_TYPE_USER_RINGBUF`, Linux 6.1.
    public static let userRingBuffer = MapKind(rawValue: 31)
    /// `BPF_MAP_TYPE_CGRP_STORAGE`, Linux 6.2.
    public static let cgroupStorage = MapKind(rawValue: 32)
    /// `BPF_MAP_TYPE_ARENA`, Linux 6.9.
    public static let arena = MapKind(rawValue: 33)
    /// `BPF_MAP_TYPE_INSN_ARRAY`, Linux 6.19.
    public static let instructionArray = MapKind(rawValue: 34)
    /// `BPF_MAP_TYPE_RHASH`, Linux 7.2.
    public static let resizableHash = MapKind(rawValue: 35)

    /// The kernel's names in the order of their numbers, in lower case without the prefix.
    static let names = [
        "unspecified", "hash", "array", "prog_array", "perf_event_array", "percpu_hash", "percpu_array",
        "stack_trace", "cgroup_array", "lru_hash", "lru_percpu_hash", "lpm_trie", "array_of_maps", "hash_of_maps",
        "devmap", "sockmap", "cpumap", "xskmap", "sockhash", "cgroup_storage", "reuseport_sockarray",
        "percpu_cgroup_storage", "queue", "stack", "sk_storage", "devmap_hash", "struct_ops", "ringbuf",
        "inode_storage", "task_storage", "bloom_filter", "user_ringbuf", "cgrp_storage", "arena",
        "insn_array", "rhash",
    ]

    /// The kernel's name in lower case without its prefix, such as `ringbuf`.
    public var description: String {
        let index = Int(rawValue)
        return index < Self.names.count ? Self.names[index] : "map type \(rawValue)"
    }

    /// Whether every possible CPU has a value of its own, so that a look-up answers one value per CPU.
    public var isPerCPU: Bool {
        switch self {
        case .perCPUHash, .perCPUArray, .leastRecentlyUsedPerCPUHash, .perCPUCgroupStorage: true
        default: false
        }
    }

    /// Whether the map holds other maps.
    public var holdsMaps: Bool { self == .arrayOfMaps || self == .hashOfMaps }

    /// Whether the kernel takes a description of the key's and value's types when it makes such a map.
    ///
    /// Source: `map_check_btf` and the `map_check_btf` operations in `kernel/bpf/`.
    public var acceptsTypes: Bool {
        switch self {
        case .perfEventArray, .cgroupArray, .stackTrace, .arrayOfMaps, .hashOfMaps, .deviceMap, .deviceMapHash,
            .cpuMap, .xdpSocketMap, .socketMap, .socketHash, .programArray, .ringBuffer, .userRingBuffer, .arena,
            .queue, .stack, .bloomFilter, .reuseportSocketArray, .instructionArray:
            false
        default: true
        }
    }

    /// Whether the map holds data for one kernel object each and so has no fixed number of entries.
    public var isObjectStorage: Bool {
        switch self {
        case .socketStorage, .inodeStorage, .taskStorage, .cgroupStorage: true
        default: false
        }
    }

    /// Whether values have no keys: they are pushed, popped, peeked at or looked for.
    public var isKeyless: Bool {
        switch self {
        case .queue, .stack, .bloomFilter: true
        default: false
        }
    }

    /// Whether user space can list the keys one after another (`BPF_MAP_GET_NEXT_KEY`).
    public var hasListableKeys: Bool {
        switch self {
        case .queue, .stack, .bloomFilter, .ringBuffer, .userRingBuffer, .arena, .socketStorage, .inodeStorage,
            .taskStorage, .cgroupStorage:
            false
        default: true
        }
    }

    /// Whether the keys are all numbers below the capacity, also those of slots that hold nothing.
    public var hasIndices: Bool {
        switch self {
        case .array, .perCPUArray, .instructionArray, .programArray, .perfEventArray, .cgroupArray, .arrayOfMaps,
            .deviceMap, .socketMap, .cpuMap, .xdpSocketMap, .reuseportSocketArray:
            true
        default: false
        }
    }

    /// Whether the entries are there from the start and cannot be removed, since the keys are indices.
    public var isArray: Bool { self == .array || self == .perCPUArray || self == .instructionArray }
}
