// SPDX-License-Identifier: Apache-2.0

import Bytes
import CLinux
import Diagnostics
import Glibc

/// A network interface.
public struct Interface: Sendable, Hashable {
    /// The number, at least 1.
    public let index: UInt32
    /// The name, such as `eth0`.
    public let name: String
    /// The kind, such as `veth`; empty for hardware.
    public let kind: String
    /// Whether it is switched on (`IFF_UP`).
    public let isUp: Bool
    /// Whether it is ready to send: a new interface is so a moment after it was switched on (`IFF_RUNNING`).
    public let isRunning: Bool
    /// The largest packet in bytes.
    public let maximumTransmissionUnit: UInt32
    /// The link-layer address.
    public let address: [UInt8]
    /// The number of the attached XDP program, or `nil`.
    public let xdpProgram: UInt32?

    init?(_ reply: NetlinkSocket.Reply) {
        let bytes = reply.body.span.bytes
        guard reply.type == 16,  // RTM_NEWLINK
            let index = bytes.integer(at: 4, as: UInt32.self, order: .host),
            let flags = bytes.integer(at: 8, as: UInt32.self, order: .host)
        else { return nil }
        let attributes = NetlinkAttributes(reply.body, from: MemoryLayout<skep_interface_message>.size)
        self.index = index
        name = attributes.text(3) ?? ""  // IFLA_IFNAME
        kind = attributes.nested(18)?.text(1) ?? ""  // IFLA_LINKINFO, IFLA_INFO_KIND
        isUp = flags & 1 != 0
        isRunning = flags & 0x40 != 0
        maximumTransmissionUnit = attributes.number(4) ?? 0  // IFLA_MTU
        address = attributes[1] ?? []  // IFLA_ADDRESS
        let program = attributes.nested(43)?.number(4) ?? 0  // IFLA_XDP, IFLA_XDP_PROG_ID
        xdpProgram = program == 0 ? nil : program
    }
}

/// The interfaces of the calling thread's network namespace.
public enum Interfaces {
    /// All interfaces, by number.
    public static func all() throws(LinuxError) -> [Interface] {
        var socket = try NetlinkSocket()
        let message = NetlinkMessage(type: 18, flags: 0x300, header: skep_interface_message())  // RTM_GETLINK, dump
        return try socket.request(message, "netlink(RTM_GETLINK)").compactMap { Interface($0) }
            .sorted { $0.index < $1.index }
    }

    /// One interface.
    ///
    /// - Throws: `ENODEV` when there is none with that number.
    public static func interface(_ index: UInt32) throws(LinuxError) -> Interface {
        var socket = try NetlinkSocket()
        var header = skep_interface_message()
        header.index = Int32(bitPattern: index)
        let message = NetlinkMessage(type: 18, flags: 4, header: header)
        let replies = try socket.request(message, "netlink(RTM_GETLINK)")
        guard let interface = replies.compactMap({ Interface($0) }).first else {
            throw LinuxError(.noSuchDevice, call: "netlink(RTM_GETLINK)")
        }
        return interface
    }

    /// The number of the interface with a name; a decimal number stands for itself.
    ///
    /// - Throws: `ENODEV` when there is none.
    public static func index(named name: String) throws(LinuxError) -> UInt32 {
        let index = if_nametoindex(name)
        if index != 0 { return index }
        let number = errno
        if let index = UInt32(name), index > 0 { return try interface(index).index }
        throw LinuxError(
            Errno(rawValue: number == 0 ? ENODEV : number), call: "if_nametoindex",
            context: [.init("interface", name)])
    }

    /// Makes a pair of connected virtual interfaces (veth(4)) in the calling thread's namespace.
    public static func createPair(_ name: String, _ peer: String) throws(LinuxError) {
        var socket = try NetlinkSocket()
        // RTM_NEWLINK with NLM_F_ACK | NLM_F_EXCL | NLM_F_CREATE
        var message = NetlinkMessage(type: 16, flags: 0x604, header: skep_interface_message())
        message.attribute(3, text: name)
        message.nested(18) { link in
            link.attribute(1, text: "veth")
            link.nested(2) { data in  // IFLA_INFO_DATA
                data.nested(1) { end in  // VETH_INFO_PEER
                    end.raw(skep_interface_message())
                    end.attribute(3, text: peer)
                }
            }
        }
        _ = try socket.request(message, "netlink(RTM_NEWLINK)")
    }

    /// Removes a virtual interface.
    public static func remove(_ index: UInt32) throws(LinuxError) {
        var socket = try NetlinkSocket()
        var header = skep_interface_message()
        header.index = Int32(bitPattern: index)
        _ = try socket.request(NetlinkMessage(type: 17, flags: 4, header: header), "netlink(RTM_DELLINK)")
    }

    /// Switches an interface on or off.
    public static func setUp(_ index: UInt32, _ isUp: Bool = true) throws(LinuxError) {
        var socket = try NetlinkSocket()
        var header = skep_interface_message()
        header.index = Int32(bitPattern: index)
        header.flags = isUp ? 1 : 0
        header.change = 1
        _ = try socket.request(NetlinkMessage(type: 16, flags: 4, header: header), "netlink(RTM_NEWLINK)")
    }

    /// Sets the largest packet of an interface in bytes.
    public static func setMaximumTransmissionUnit(_ bytes: UInt32, of index: UInt32) throws(LinuxError) {
        var socket = try NetlinkSocket()
        var header = skep_interface_message()
        header.index = Int32(bitPattern: index)
        var message = NetlinkMessage(type: 16, flags: 4, header: header)
        message.attribute(4, number: bytes)  // IFLA_MTU
        _ = try socket.request(message, "netlink(RTM_NEWLINK)")
    }

    /// Gives an interface an address.
    ///
    /// - Parameter address: 4 bytes for IPv4, 16 for IPv6.
    public static func addAddress(
        _ address: [UInt8], prefixLength: UInt8, to index: UInt32
    ) throws(LinuxError) {
        var socket = try NetlinkSocket()
        // struct ifaddrmsg: family, prefix length, flags (IFA_F_NODAD, so that it works at once), scope, index
        let header: (UInt8, UInt8, UInt8, UInt8, UInt32) = (address.count == 4 ? 2 : 10, prefixLength, 2, 0, index)
        var message = NetlinkMessage(type: 20, flags: 0x604, header: header)  // RTM_NEWADDR
        message.attribute(1, address)  // IFA_ADDRESS
        message.attribute(2, address)  // IFA_LOCAL
        _ = try socket.request(message, "netlink(RTM_NEWADDR)")
    }
}
