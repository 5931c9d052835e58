// SPDX-License-Identifier: Apache-2.0

/// What the kernel tells about a link (`struct bpf_link_info`, Linux 5.8).
public struct LinkInformation: Sendable, Hashable {
    /// The kind of link.
    public let kind: LinkKind
    /// The number while it lives.
    public let id: UInt32
    /// The program's number; 0 for struct_ops.
    public let programID: UInt32
    /// What it is attached to.
    public let target: Target

    /// What a link is attached to. Numbers that the kernel is too old to tell are 0, lists are empty.
    public enum Target: Sendable, Hashable {
        /// A raw tracepoint, with its cookie (6.10).
        case rawTracepoint(name: String, cookie: UInt64)
        /// A function, hook or tracepoint: `enum bpf_attach_type`, the BTF object or program, the type, and the
        /// cookie (6.16).
        case tracing(attachType: UInt32, object: UInt32, type: UInt32, cookie: UInt64)
        /// A cgroup, by inode.
        case cgroup(id: UInt64, attachType: UInt32)
        /// An iterator, and what it goes over.
        case iterator(Iterator)
        /// A network namespace, by inode.
        case networkNamespace(inode: UInt32, attachType: UInt32)
        /// An interface: XDP (attach type 37), tcx, netkit. Index 0 means that the interface is gone.
        case interface(index: UInt32, attachType: UInt32)
        /// A map: struct_ops (attach type 44), sockmap.
        case map(id: UInt32, attachType: UInt32)
        /// A netfilter hook: `NFPROTO_*`, `enum nf_inet_hooks`, and whether packets are put together before.
        case netfilter(family: UInt32, hook: UInt32, priority: Int32, flags: UInt32)
        /// Many kernel functions (6.6).
        case multiKprobe(MultiKprobe)
        /// Many places in a binary (6.8).
        case multiUprobe(MultiUprobe)
        /// One place in a binary (6.6), with its cookie (6.9).
        case uprobe(path: String, offset: UInt32, cookie: UInt64, isReturn: Bool)
        /// One kernel function (6.6): its name and offset, or its address, and how many runs were missed (6.7).
        case kprobe(function: String, offset: UInt32, address: UInt64, missed: UInt64, cookie: UInt64, isReturn: Bool)
        /// A tracepoint (6.6), by its name.
        case tracepoint(name: String, cookie: UInt64)
        /// A sampling event (6.6).
        case perfEvent(type: UInt32, configuration: UInt64, cookie: UInt64)
        /// The kernel does not say, or says something newer than this library.
        case unknown
    }

    /// What an iterator goes over.
    public struct Iterator: Sendable, Hashable {
        /// The kind of object, such as `task`.
        public let name: String
        /// The map, or 0.
        public let map: UInt32
        /// The thread, or 0 for all (6.1).
        public let thread: UInt32
        /// The process, or 0 for all (6.1).
        public let process: UInt32
        /// The cgroup's inode, or 0 (6.1).
        public let cgroup: UInt64
        /// The order of cgroups, `enum bpf_cgroup_iter_order`, or 0 (6.1).
        public let order: UInt32
    }

    /// Many kernel functions.
    public struct MultiKprobe: Sendable, Hashable {
        /// How many.
        public let count: UInt32
        /// Their addresses, hidden without rights.
        public let addresses: [UInt64]
        /// Their cookies, in the order of the addresses (6.9).
        public let cookies: [UInt64]
        /// How many runs were missed (6.7).
        public let missed: UInt64
        /// Whether the program runs at the return.
        public let isReturn: Bool
    }

    /// Many places in a binary.
    public struct MultiUprobe: Sendable, Hashable {
        /// The binary's path.
        public let path: String
        /// How many places.
        public let count: UInt32
        /// Where in the file.
        public let offsets: [UInt64]
        /// Where the reference counters are, for static probes.
        public let counters: [UInt64]
        /// The cookies, in the order of the offsets.
        public let cookies: [UInt64]
        /// The process, or 0 for all.
        public let process: UInt32
        /// Whether the program runs at the return.
        public let isReturn: Bool
    }
}
