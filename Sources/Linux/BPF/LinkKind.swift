// SPDX-License-Identifier: Apache-2.0

/// The kind of a link: `enum bpf_link_type` of `include/uapi/linux/bpf.h`, Linux 6.18.
public struct LinkKind: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The kernel's number.
    public let rawValue: UInt32

    /// Wraps a number of the kernel's.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `BPF_LINK_TYPE_RAW_TRACEPOINT`.
    public static let rawTracepoint = LinkKind(rawValue: 1)
    /// `BPF_LINK_TYPE_TRACING`.
    public static let tracing = LinkKind(rawValue: 2)
    /// `BPF_LINK_TYPE_CGROUP`.
    public static let cgroup = LinkKind(rawValue: 3)
    /// `BPF_LINK_TYPE_ITER`.
    public static let iterator = LinkKind(rawValue: 4)
    /// `BPF_LINK_TYPE_NETNS`.
    public static let networkNamespace = LinkKind(rawValue: 5)
    /// `BPF_LINK_TYPE_XDP`.
    public static let xdp = LinkKind(rawValue: 6)
    /// `BPF_LINK_TYPE_PERF_EVENT`.
    public static let perfEvent = LinkKind(rawValue: 7)
    /// `BPF_LINK_TYPE_KPROBE_MULTI`.
    public static let multiKprobe = LinkKind(rawValue: 8)
    /// `BPF_LINK_TYPE_STRUCT_OPS`.
    public static let structOps = LinkKind(rawValue: 9)
    /// `BPF_LINK_TYPE_NETFILTER`.
    public static let netfilter = LinkKind(rawValue: 10)
    /// `BPF_LINK_TYPE_TCX`.
    public static let tcx = LinkKind(rawValue: 11)
    /// `BPF_LINK_TYPE_UPROBE_MULTI`.
    public static let multiUprobe = LinkKind(rawValue: 12)
    /// `BPF_LINK_TYPE_NETKIT`.
    public static let netkit = LinkKind(rawValue: 13)
    /// `BPF_LINK_TYPE_SOCKMAP`.
    public static let socketMap = LinkKind(rawValue: 14)

    /// Whether links of this kind run one program from the beginning to the end: the kernel has no way to change it.
    public var keepsItsProgram: Bool {
        [.rawTracepoint, .tracing, .perfEvent, .multiKprobe, .multiUprobe, .netfilter].contains(self)
    }

    private static let names = [
        "unspec", "raw_tracepoint", "tracing", "cgroup", "iter", "netns", "xdp", "perf_event", "kprobe_multi",
        "struct_ops", "netfilter", "tcx", "uprobe_multi", "netkit", "sockmap",
    ]

    /// The kernel's name in lower case without its prefix, such as `tcx`.
    public var description: String {
        Int(rawValue) < Self.names.count ? Self.names[Int(rawValue)] : "link type \(rawValue)"
    }
}
