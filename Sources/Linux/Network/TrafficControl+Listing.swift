// SPDX-License-Identifier: Apache-2.0

import Bytes
import CLinux

extension TrafficControl {
    /// A filter that is there, whoever made it.
    public struct ListedFilter: Sendable, Hashable {
        /// Where it is.
        public let filter: Filter
        /// Its kind: `bpf`, `u32` and so on.
        public let kind: String
        /// The name of its program; empty for other kinds.
        public let name: String
        /// The number of its program, or `nil`.
        public let program: UInt32?
    }

    /// The filters of an interface in one direction, in the order they run.
    ///
    /// - Throws: `EINVAL` when the interface has no such discipline.
    public static func filters(of interface: UInt32, _ direction: Direction) throws(LinuxError) -> [ListedFilter] {
        var socket = try NetlinkSocket()
        var header = skep_traffic_message()
        header.interface_index = Int32(bitPattern: interface)
        header.parent = direction.parent
        let message = NetlinkMessage(type: 46, flags: 0x300, header: header)  // RTM_GETTFILTER, dump
        return try socket.request(message, "netlink(RTM_GETTFILTER)").compactMap { reply in
            let bytes = reply.body.span.bytes
            guard reply.type == 44, let handle = bytes.integer(at: 8, as: UInt32.self, order: .host),
                let information = bytes.integer(at: 16, as: UInt32.self, order: .host)
            else { return nil }
            let attributes = NetlinkAttributes(reply.body, from: MemoryLayout<skep_traffic_message>.size)
            // The kernel also tells of each chain of filters, without a handle.
            guard handle != 0 else { return nil }
            let options = attributes.nested(2)
            return ListedFilter(
                filter: Filter(
                    interface: interface, direction: direction, priority: UInt16(information >> 16), handle: handle),
                kind: attributes.text(1) ?? "", name: options?.text(7) ?? "", program: options?.number(11))
        }
    }

    /// Whether the `clsact` discipline of an interface has no filters in either direction.
    public static func isEmpty(_ interface: UInt32) throws(LinuxError) -> Bool {
        let ingress = try filters(of: interface, .ingress)
        let egress = try filters(of: interface, .egress)
        return ingress.isEmpty && egress.isEmpty
    }
}
