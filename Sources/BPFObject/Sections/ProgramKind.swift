// SPDX-License-Identifier: Apache-2.0

/// The kind of a program: `enum bpf_prog_type` of the kernel's `include/uapi/linux/bpf.h`.
public struct ProgramKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The kernel's number.
    public let rawValue: UInt32

    /// Wraps a number of the kernel's.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    private init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// `BPF_PROG_TYPE_SOCKET_FILTER`, Linux 3.19.
    public static let socketFilter = ProgramKind(1)
    /// `BPF_PROG_TYPE_KPROBE`, Linux 4.1; uprobes and system calls too.
    public static let kprobe = ProgramKind(2)
    /// `BPF_PROG_TYPE_SCHED_CLS`, Linux 4.1.
    public static let trafficControl = ProgramKind(3)
    /// `BPF_PROG_TYPE_SCHED_ACT`, Linux 4.1.
    public static let trafficControlAction = ProgramKind(4)
    /// `BPF_PROG_TYPE_TRACEPOINT`, Linux 4.7.
    public static let tracepoint = ProgramKind(5)
    /// `BPF_PROG_TYPE_XDP`, Linux 4.8.
    public static let xdp = ProgramKind(6)
    /// `BPF_PROG_TYPE_PERF_EVENT`, Linux 4.9.
    public static let perfEvent = ProgramKind(7)
    /// `BPF_PROG_TYPE_CGROUP_SKB`, Linux 4.10.
    public static let cgroupSocketBuffer = ProgramKind(8)
    /// `BPF_PROG_TYPE_RAW_TRACEPOINT`, Linux 4.17.
    public static let rawTracepoint = ProgramKind(17)
    /// `BPF_PROG_TYPE_TRACING`, Linux 5.5.
    public static let tracing = ProgramKind(26)

    /// The kernel's names in the order of their numbers, in lower case without the prefix.
    public static let names = [
        "unspec", "socket_filter", "kprobe", "sched_cls", "sched_act", "tracepoint", "xdp", "perf_event",
        "cgroup_skb", "cgroup_sock", "lwt_in", "lwt_out", "lwt_xmit", "sock_ops", "sk_skb", "cgroup_device",
        "sk_msg", "raw_tracepoint", "cgroup_sock_addr", "lwt_seg6local", "lirc_mode2", "sk_reuseport",
        "flow_dissector", "cgroup_sysctl", "raw_tracepoint_writable", "cgroup_sockopt", "tracing", "struct_ops",
        "ext", "lsm", "sk_lookup", "syscall", "netfilter",
    ]

    /// The kernel's name in lower case without its prefix, such as `sched_cls`.
    public var description: String {
        Int(rawValue) < Self.names.count ? Self.names[Int(rawValue)] : "program type \(rawValue)"
    }
}
