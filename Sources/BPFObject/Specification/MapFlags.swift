// SPDX-License-Identifier: Apache-2.0

/// The kernel's flags for making a map, from `include/uapi/linux/bpf.h`.
public enum MapFlags {
    /// `BPF_F_NO_PREALLOC`: entries are allocated when they are added. Tries and storage must have it.
    public static let noPreallocation: UInt32 = 1 << 0
    /// `BPF_F_NO_COMMON_LRU`: each CPU forgets the entries that it used least recently.
    public static let leastRecentlyUsedPerCPU: UInt32 = 1 << 1
    /// `BPF_F_NUMA_NODE`: the map is allocated on a given memory node.
    public static let numaNode: UInt32 = 1 << 2
    /// `BPF_F_RDONLY`: user space may only read through this descriptor.
    public static let readOnlyDescriptor: UInt32 = 1 << 3
    /// `BPF_F_WRONLY`: user space may only write through this descriptor.
    public static let writeOnlyDescriptor: UInt32 = 1 << 4
    /// `BPF_F_RDONLY_PROG`: programs may only read, Linux 5.2.
    public static let readOnlyProgram: UInt32 = 1 << 7
    /// `BPF_F_WRONLY_PROG`: programs may only write, Linux 5.2.
    public static let writeOnlyProgram: UInt32 = 1 << 8
    /// `BPF_F_CLONE`: what a listening socket stores is copied to the sockets that it accepts, Linux 5.4.
    public static let clonedOnAccept: UInt32 = 1 << 9
    /// `BPF_F_MMAPABLE`: user space may map the values, Linux 5.5.
    public static let memoryMappable: UInt32 = 1 << 10
    /// `BPF_F_PRESERVE_ELEMS`: perf events stay when the descriptor that put them there closes, Linux 5.12.
    public static let preservedElements: UInt32 = 1 << 11
    /// `BPF_F_INNER_MAP`: the maps in an array of maps may differ in their number of entries, Linux 5.10.
    public static let innerMapOfAnySize: UInt32 = 1 << 12
    /// `BPF_F_SEGV_ON_FAULT`: user space that touches a page of an arena that no program allocated gets a signal,
    /// Linux 6.9.
    public static let signalOnFault: UInt32 = 1 << 17
    /// `BPF_F_NO_USER_CONV`: pointers in an arena are the programs' own, not those of user space, Linux 6.9.
    public static let noUserPointers: UInt32 = 1 << 18
    /// `BPF_F_RB_OVERWRITE`: a full ring buffer overwrites its oldest records, Linux 6.19.
    public static let overwritingRing: UInt32 = 1 << 19
}
