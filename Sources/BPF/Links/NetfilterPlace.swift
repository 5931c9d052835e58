// SPDX-License-Identifier: Apache-2.0

/// A hook of netfilter: which packets, and where on their way.
///
/// ```swift
/// options.netfilter = NetfilterPlace("ipv6/output")
/// ```
///
/// - Note: `include/uapi/linux/netfilter.h`.
public struct NetfilterPlace: Sendable, Hashable, CustomStringConvertible {
    /// Which packets.
    public var family: Family
    /// Where on their way.
    public var hook: Hook
    /// Whether the kernel puts fragments together before (`BPF_F_NETFILTER_IP_DEFRAG`, Linux 6.6).
    public var defragments = false

    /// A family of protocols.
    public enum Family: UInt32, Sendable, Hashable {
        /// `NFPROTO_IPV4`.
        case ipv4 = 2
        /// `NFPROTO_IPV6`.
        case ipv6 = 10
    }

    /// A place on a packet's way.
    public enum Hook: UInt32, Sendable, Hashable, CaseIterable {
        /// `NF_INET_PRE_ROUTING`: all that come in, before it is known where they go.
        case prerouting
        /// `NF_INET_LOCAL_IN`: those for this machine.
        case input
        /// `NF_INET_FORWARD`: those that go through.
        case forward
        /// `NF_INET_LOCAL_OUT`: those of this machine.
        case output
        /// `NF_INET_POST_ROUTING`: all that go out.
        case postrouting

        var name: String {
            switch self {
            case .prerouting: "prerouting"
            case .input: "input"
            case .forward: "forward"
            case .output: "output"
            case .postrouting: "postrouting"
            }
        }
    }

    /// Makes a place.
    public init(_ family: Family = .ipv4, _ hook: Hook) {
        self.family = family
        self.hook = hook
    }

    /// Reads `input` or `ipv6/input`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let last = parts.last, let hook = Hook.allCases.first(where: { $0.name == last }) else { return nil }
        switch parts.count == 2 ? parts[0] : "ipv4" {
        case "ipv4" where parts.count <= 2: self.init(.ipv4, hook)
        case "ipv6": self.init(.ipv6, hook)
        default: return nil
        }
    }

    /// `ipv4/input`.
    public var description: String { "\(family == .ipv4 ? "ipv4" : "ipv6")/\(hook.name)" }
}
