// SPDX-License-Identifier: Apache-2.0

import CLinux

/// What socket programs need of sockets.
public enum Sockets {
    /// Opens a socket that gets a copy of every packet of an interface (packet(7)), in the calling thread's network
    /// namespace.
    ///
    /// - Parameter interface: the interface's number, or 0 for all.
    /// - Throws: `EPERM` without `CAP_NET_RAW`.
    public static func openPacketSocket(interface: UInt32) throws(LinuxError) -> FileDescriptor {
        // AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK. Protocol 0 gets nothing until it is bound, so no packet
        // of another interface slips in.
        let socket = try FileDescriptor.adopting(skep_socket(17, 3 | 0o2004000, 0), "socket(AF_PACKET)")
        var address = skep_packet_address()
        address.family = 17
        address.protocol = UInt16(3).bigEndian  // ETH_P_ALL
        address.interface_index = Int32(bitPattern: interface)
        _ = try checked(
            skep_bind(socket.rawValue, &address, UInt32(MemoryLayout<skep_packet_address>.size)), "bind(AF_PACKET)")
        return socket
    }

    /// Filters what a socket receives with a program (`SO_ATTACH_BPF`, Linux 3.19).
    public static func attachFilter(_ program: Int32, to socket: Int32) throws(LinuxError) {
        var program = program
        _ = try checked(skep_set_socket_option(socket, 1, 50, &program, 4), "setsockopt(SO_ATTACH_BPF)")
    }

    /// Lets a program choose among the sockets that share a port (`SO_ATTACH_REUSEPORT_EBPF`, Linux 4.5).
    public static func attachReuseport(_ program: Int32, to socket: Int32) throws(LinuxError) {
        var program = program
        _ = try checked(skep_set_socket_option(socket, 1, 52, &program, 4), "setsockopt(SO_ATTACH_REUSEPORT_EBPF)")
    }

    /// Removes a socket's filter (`SO_DETACH_FILTER`).
    public static func detachFilter(from socket: Int32) throws(LinuxError) {
        var zero: Int32 = 0
        _ = try checked(skep_set_socket_option(socket, 1, 27, &zero, 4), "setsockopt(SO_DETACH_FILTER)")
    }

    /// Removes a port group's program (`SO_DETACH_REUSEPORT_BPF`, Linux 5.3).
    public static func detachReuseport(from socket: Int32) throws(LinuxError) {
        var zero: Int32 = 0
        _ = try checked(skep_set_socket_option(socket, 1, 68, &zero, 4), "setsockopt(SO_DETACH_REUSEPORT_BPF)")
    }
}
