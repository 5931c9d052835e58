// SPDX-License-Identifier: Apache-2.0

import Bytes
import CLinux

/// Programs in the `clsact` queueing discipline (tc-bpf(8)), as before Linux 6.6.
public enum TrafficControl {
    /// Which packets a program sees.
    public enum Direction: Sendable, Hashable {
        /// Those that arrive.
        case ingress
        /// Those that leave.
        case egress

        var parent: UInt32 { self == .ingress ? 0xffff_fff2 : 0xffff_fff3 }
    }

    /// A program's place in the discipline.
    public struct Filter: Sendable, Hashable {
        /// The interface.
        public let interface: UInt32
        /// Which packets it sees.
        public let direction: Direction
        /// The order: lower runs first. 0 lets the kernel choose.
        public var priority: UInt16
        /// The number within the priority. 0 lets the kernel choose.
        public var handle: UInt32

        /// Makes a place.
        public init(interface: UInt32, direction: Direction, priority: UInt16 = 0, handle: UInt32 = 0) {
            self.interface = interface
            self.direction = direction
            self.priority = priority
            self.handle = handle
        }
    }

    /// Adds the `clsact` discipline to an interface; answers `false` when it was there already.
    public static func addDiscipline(to interface: UInt32) throws(LinuxError) -> Bool {
        do throws(LinuxError) {
            try discipline(interface, type: 36, flags: 0x604)  // RTM_NEWQDISC
            return true
        } catch  where error.errno == .exists {
            return false
        }
    }

    /// Removes the `clsact` discipline with all its programs.
    public static func removeDiscipline(from interface: UInt32) throws(LinuxError) {
        try discipline(interface, type: 37, flags: 4)  // RTM_DELQDISC
    }

    /// Adds a program (`cls_bpf` in direct action mode).
    ///
    /// - Parameters:
    ///   - program: the program's descriptor.
    ///   - filter: where.
    ///   - name: what `tc filter show` calls it.
    ///   - replaces: whether a program in the same place is replaced.
    /// - Returns: the place, with the numbers that the kernel chose.
    public static func attach(
        program: Int32, at filter: Filter, name: String, replaces: Bool = false
    ) throws(LinuxError) -> Filter {
        try place(filter, replaces: replaces) { options in
            options.attribute(6, number: UInt32(bitPattern: program))  // TCA_BPF_FD
            options.attribute(7, text: name)  // TCA_BPF_NAME
            options.attribute(8, number: 1)  // TCA_BPF_FLAGS: TCA_BPF_FLAG_ACT_DIRECT
        }
    }

    /// Adds a filter of the kind `bpf`.
    static func place(
        _ filter: Filter, replaces: Bool, _ options: (inout NetlinkMessage) -> Void
    ) throws(LinuxError) -> Filter {
        var socket = try NetlinkSocket()
        // RTM_NEWTFILTER with NLM_F_ACK | NLM_F_ECHO | NLM_F_CREATE and NLM_F_REPLACE or NLM_F_EXCL
        var message = NetlinkMessage(type: 44, flags: replaces ? 0x50c : 0x60c, header: header(filter))
        message.attribute(1, text: "bpf")  // TCA_KIND
        message.nested(2, options)  // TCA_OPTIONS
        var placed = filter
        for reply in try socket.request(message, "netlink(RTM_NEWTFILTER)") where reply.type == 44 {
            let bytes = reply.body.span.bytes
            placed.handle = bytes.integer(at: 8, as: UInt32.self, order: .host) ?? placed.handle
            let information = bytes.integer(at: 16, as: UInt32.self, order: .host) ?? 0
            placed.priority = UInt16(information >> 16)
        }
        return placed
    }

    /// Removes a program; its place must have the numbers that attaching answered.
    public static func detach(_ filter: Filter) throws(LinuxError) {
        var socket = try NetlinkSocket()
        var message = NetlinkMessage(type: 45, flags: 4, header: header(filter))  // RTM_DELTFILTER
        message.attribute(1, text: "bpf")
        _ = try socket.request(message, "netlink(RTM_DELTFILTER)")
    }

    private static func header(_ filter: Filter) -> skep_traffic_message {
        var header = skep_traffic_message()
        header.interface_index = Int32(bitPattern: filter.interface)
        header.handle = filter.handle
        header.parent = filter.direction.parent
        // The protocol in network order: ETH_P_ALL.
        header.info = UInt32(filter.priority) << 16 | UInt32(UInt16(3).bigEndian)
        return header
    }

    private static func discipline(_ interface: UInt32, type: UInt16, flags: UInt16) throws(LinuxError) {
        var socket = try NetlinkSocket()
        var header = skep_traffic_message()
        header.interface_index = Int32(bitPattern: interface)
        header.handle = 0xffff_0000
        header.parent = 0xffff_fff1  // TC_H_CLSACT
        var message = NetlinkMessage(type: type, flags: flags, header: header)
        message.attribute(1, text: "clsact")
        _ = try socket.request(message, type == 36 ? "netlink(RTM_NEWQDISC)" : "netlink(RTM_DELQDISC)")
    }
}
