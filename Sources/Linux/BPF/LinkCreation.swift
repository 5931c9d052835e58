// SPDX-License-Identifier: Apache-2.0

/// What `BPF_LINK_CREATE` needs.
public struct LinkCreation: Sendable, Hashable {
    /// The program's descriptor, or the map's for struct_ops.
    public var program: Int32
    /// The cgroup's, network namespace's, perf event's, map's or program's descriptor, or the interface's index.
    public var target: UInt32
    /// `enum bpf_attach_type`.
    public var attachType: UInt32
    /// The command's flags: `XDP_FLAGS_*` for XDP, `BPF_F_BEFORE`, `BPF_F_AFTER`, `BPF_F_ID` and so on for ordered
    /// hooks.
    public var flags: UInt32
    /// What only one kind of link has.
    public var detail: Detail

    /// What only one kind of link has.
    public enum Detail: Sendable, Hashable {
        /// Nothing further.
        case none
        /// `target_btf_id`: the function of ``LinkCreation/target`` that an extension replaces.
        case targetType(UInt32)
        /// `union bpf_iter_link_info`, as bytes.
        case iterator([UInt8])
        /// `perf_event.bpf_cookie`.
        case perfEvent(cookie: UInt64)
        /// Many kernel functions (Linux 5.18), by name or address; `flags` 1 for the return. `cookies` may be empty.
        case multiKprobe(flags: UInt32, symbols: [String], addresses: [UInt64], cookies: [UInt64])
        /// `tracing`, with the function's type when it differs from the load's.
        case tracing(targetType: UInt32, cookie: UInt64)
        /// `netfilter` (Linux 6.4).
        case netfilter(family: UInt32, hook: UInt32, priority: Int32, flags: UInt32)
        /// tcx, netkit and cgroup (Linux 6.6, 6.7, 6.17): the neighbour's descriptor or number, and the revision that
        /// the hook must have, or 0.
        case ordered(relative: UInt32, revision: UInt64)
        /// Many places in one binary (Linux 6.6); `flags` 1 for the return. `counters` and `cookies` may be empty;
        /// `process` 0 for all.
        case multiUprobe(
            path: String, offsets: [UInt64], counters: [UInt64], cookies: [UInt64], flags: UInt32, process: UInt32)
        /// Many kernel functions by their types (Linux 7.2); `cookies` may be empty.
        case multiTracing(types: [UInt32], cookies: [UInt64])
    }

    /// Makes a description.
    public init(
        program: Int32, target: UInt32, attachType: UInt32, flags: UInt32 = 0, detail: Detail = .none
    ) {
        self.program = program
        self.target = target
        self.attachType = attachType
        self.flags = flags
        self.detail = detail
    }

    /// Makes a description for a target that is a descriptor.
    public init(
        program: Int32, targetDescriptor: Int32, attachType: UInt32, flags: UInt32 = 0, detail: Detail = .none
    ) {
        self.init(
            program: program, target: UInt32(bitPattern: targetDescriptor), attachType: attachType, flags: flags,
            detail: detail)
    }
}
