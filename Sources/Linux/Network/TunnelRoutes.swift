// SPDX-License-Identifier: Apache-2.0

import Bytes
import CLinux

/// Routes whose packets pass programs: lightweight tunnels of the kind `bpf` (Linux 4.10) and `seg6local` (4.18).
public enum TunnelRoutes {
    /// Where in the way of a packet a program stands.
    public enum Place: UInt16, Sendable, Hashable {
        /// `lwt_in`: packets that come in by the route.
        case input = 1
        /// `lwt_out`: packets that this machine sends, before the header is complete.
        case output = 2
        /// `lwt_xmit`: packets that leave; the program may add headers.
        case transmit = 3
        /// `lwt_seg6local`: packets of IPv6 segment routing, at the action `End.BPF`.
        case segment = 0
    }

    /// A route.
    public struct Route: Sendable, Hashable {
        /// The addresses that take it.
        public var destination: InternetPrefix
        /// The interface it leads to.
        public var interface: UInt32
        /// The gateway's address, or `nil` for neighbours.
        public var gateway: [UInt8]?
        /// The number of the routing table; 254 is the main one.
        public var table: UInt8 = 254

        /// Makes a route.
        public init(to destination: InternetPrefix, interface: UInt32, gateway: [UInt8]? = nil) {
            self.destination = destination
            self.interface = interface
            self.gateway = gateway
        }
    }

    /// Bytes that a program at ``Place/transmit`` may put before a packet.
    public static let headroom: UInt32 = 256

    /// Adds a route with a program, in the calling thread's network namespace.
    ///
    /// - Parameter replaces: whether a route to the same destination is replaced.
    /// - Throws: `EEXIST` when there is such a route, `EOPNOTSUPP` when the kernel does not know the kind of tunnel.
    public static func add(
        _ route: Route, program: Int32, name: String, at place: Place, replaces: Bool = false
    ) throws(LinuxError) {
        // RTM_NEWROUTE with NLM_F_ACK | NLM_F_CREATE and NLM_F_REPLACE or NLM_F_EXCL
        var message = message(route, type: 24, flags: replaces ? 0x504 : 0x604)
        var kind: [UInt8] = []
        kind.append(place == .segment ? UInt16(7) : 6, order: .host)  // LWTUNNEL_ENCAP_SEG6_LOCAL, _BPF
        message.attribute(21, kind)  // RTA_ENCAP_TYPE
        message.nested(22) { tunnel in  // RTA_ENCAP
            if place == .segment {
                tunnel.attribute(1, number: 15)  // SEG6_LOCAL_ACTION: SEG6_LOCAL_ACTION_END_BPF
                tunnel.nested(8) { Self.program(program, name, in: &$0) }  // SEG6_LOCAL_BPF
            } else {
                tunnel.nested(place.rawValue) { Self.program(program, name, in: &$0) }  // LWT_BPF_IN and so on
                if place == .transmit { tunnel.attribute(4, number: headroom) }  // LWT_BPF_XMIT_HEADROOM
            }
        }
        var socket = try NetlinkSocket()
        _ = try socket.request(message, "netlink(RTM_NEWROUTE)")
    }

    /// Removes a route.
    ///
    /// - Throws: `ESRCH` when there is none.
    public static func remove(_ route: Route) throws(LinuxError) {
        var socket = try NetlinkSocket()
        _ = try socket.request(message(route, type: 25, flags: 4), "netlink(RTM_DELROUTE)")
    }

    /// Lists the routes to a destination that have programs, in the calling thread's network namespace.
    ///
    /// - Returns: each with the names of its programs, as they were given to ``add(_:program:name:at:replaces:)``.
    public static func routes(to destination: InternetPrefix) throws(LinuxError) -> [(route: Route, names: [String])] {
        var header = skep_route_message()
        header.family = destination.isVersion6 ? 10 : 2
        var socket = try NetlinkSocket()
        let request = NetlinkMessage(type: 26, flags: 0x300, header: header)  // RTM_GETROUTE, dump
        return try socket.request(request, "netlink(RTM_GETROUTE)").compactMap { reply in
            let attributes = NetlinkAttributes(reply.body, from: MemoryLayout<skep_route_message>.size)
            guard reply.type == 24,
                reply.body.span.bytes.integer(at: 1, as: UInt8.self, order: .host) == destination.length,
                attributes[1] == destination.address, let tunnel = attributes.nested(22),
                let interface = attributes.number(4)
            else { return nil }
            let names = [1, 2, 3, 8].compactMap { tunnel.nested($0)?.text(2) }
            return (Route(to: destination, interface: interface, gateway: attributes[5]), names)
        }
    }

    private static func program(_ program: Int32, _ name: String, in message: inout NetlinkMessage) {
        message.attribute(1, number: UInt32(bitPattern: program))
        message.attribute(2, text: name)
    }

    private static func message(_ route: Route, type: UInt16, flags: UInt16) -> NetlinkMessage {
        var header = skep_route_message()
        header.family = route.destination.isVersion6 ? 10 : 2
        header.destination_length = route.destination.length
        header.table = route.table
        header.protocol = 4  // RTPROT_STATIC
        // Neighbours are in the scope of a link, which only IPv4 tells apart.
        header.scope = route.gateway == nil && !route.destination.isVersion6 ? 253 : 0
        header.type = 1  // RTN_UNICAST
        var message = NetlinkMessage(type: type, flags: flags, header: header)
        message.attribute(1, route.destination.address)  // RTA_DST
        message.attribute(4, number: route.interface)  // RTA_OIF
        if let gateway = route.gateway { message.attribute(5, gateway) }  // RTA_GATEWAY
        return message
    }
}
