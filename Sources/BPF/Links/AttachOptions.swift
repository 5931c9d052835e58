// SPDX-License-Identifier: Apache-2.0

public import Linux

/// What a program's section leaves open when it is attached.
public struct AttachOptions: Sendable {
    /// The names of network interfaces, for XDP, tc and packet sockets.
    public var interfaces: [String] = []
    /// The namespace that the interfaces are in, or `nil` for the caller's.
    public var networkNamespace: NetworkNamespace?
    /// The path of a cgroup's folder.
    public var cgroup: String?
    /// The executable or library, for uprobes without a path.
    public var binary: String?
    /// The function, for uprobes without a name; `NAME+OFFSET` is understood.
    public var symbol: String?
    /// The process to observe, for uprobes and sampling, or `nil` for all.
    public var process: Int32?
    /// Samples a second, for sampling.
    public var frequency: UInt64 = 49
    /// The direction of traffic for tc programs whose section does not say it.
    public var direction = Direction.ingress
    /// How an XDP program is run.
    public var xdpMode = XDPMode.automatic
    /// Whether attaching makes links or works as before there were links.
    public var mechanism = Mechanism.automatic
    /// The place among other programs, on tcx, netkit and cgroup hooks.
    public var order = AttachOrder()
    /// The priority of a netfilter program (0 unless told) or of a classic tc filter; lower ones run first. A tc program
    /// with a priority is attached as a classic filter.
    public var priority: Int32?
    /// The number of a classic tc filter within its priority; 0 lets the kernel choose.
    public var handle: UInt32 = 0
    /// The netfilter hook.
    public var netfilter: NetfilterPlace?
    /// Whether other programs of the same kind may be attached to the cgroup.
    public var cgroupSharing = CgroupSharing.multiple
    /// The map of sockets, for `sk_msg` and `sk_skb` programs.
    public var socketMap: UntypedMap?
    /// The addresses that take the route with a tunnel program, such as `10.1.0.0/16`.
    public var route: String?
    /// The gateway of ``route``, or `nil` for neighbours.
    public var gateway: String?
    /// The file of an infrared device.
    public var infraredDevice = "/dev/lirc0"
    /// A number that the program can ask for with `bpf_get_attach_cookie()`; Linux 5.15.
    public var cookie: UInt64 = 0
    /// A socket for socket filters, or `nil` for packet sockets on ``interfaces``.
    public var socket: Int32?

    /// A direction of network traffic, as a machine sees it.
    public enum Direction: Sendable, Hashable {
        /// What comes in.
        case ingress
        /// What goes out.
        case egress
    }

    /// Where an XDP program runs.
    public enum XDPMode: UInt32, Sendable {
        /// In the driver where it can, else in the network stack.
        case automatic = 0
        /// In the network stack (`XDP_FLAGS_SKB_MODE`).
        case generic = 2
        /// In the driver (`XDP_FLAGS_DRV_MODE`).
        case native = 4
        /// In the device (`XDP_FLAGS_HW_MODE`).
        case hardware = 8
    }

    /// How an attachment is made.
    public enum Mechanism: Sendable, Hashable {
        /// A link where the kernel has that kind, else the classic way.
        case automatic
        /// A link (`BPF_LINK_CREATE`), or an error where the kernel has no such kind.
        case link
        /// Netlink or `BPF_PROG_ATTACH`. The kernel keeps such an attachment when this process dies.
        case classic
    }

    /// How programs of one kind share a cgroup; anything but ``multiple`` is attached without a link.
    public enum CgroupSharing: UInt32, Sendable, Hashable {
        /// One program, and none below (no flag).
        case exclusive = 0
        /// One program, which those of cgroups below replace (`BPF_F_ALLOW_OVERRIDE`).
        case overridable = 1
        /// Many programs, which run together with those of cgroups below (`BPF_F_ALLOW_MULTI`).
        case multiple = 2
    }

    /// Makes the default options.
    public init() {}
}
