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

    /// Makes the default options.
    public init() {}
}
