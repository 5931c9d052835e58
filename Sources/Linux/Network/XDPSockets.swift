// SPDX-License-Identifier: Apache-2.0

public import CLinux

/// The system calls of sockets of the kind `AF_XDP` (Documentation/networking/af_xdp.rst, Linux 4.18).
public enum XDPSockets {
    /// `enum` of the socket's rings: the number of the option that sets the size, and where the ring is mapped.
    public enum Ring: Sendable, Hashable, CaseIterable {
        /// Frames that came in.
        case receive
        /// Frames to send.
        case transmit
        /// Frames that the kernel may write to.
        case fill
        /// Frames that were sent.
        case completion

        var option: Int32 {
            switch self {
            case .receive: 2
            case .transmit: 3
            case .fill: 5
            case .completion: 6
            }
        }

        /// The offset to give mmap(2).
        public var mappingOffset: Int {
            switch self {
            case .receive: 0
            case .transmit: 0x8000_0000
            case .fill: 0x1_0000_0000
            case .completion: 0x1_8000_0000
            }
        }
    }

    private static let level: Int32 = 283  // SOL_XDP

    /// Opens a socket in the calling thread's network namespace.
    ///
    /// - Throws: `EAFNOSUPPORT` when the kernel has no such sockets, `EPERM` without `CAP_NET_RAW`.
    public static func open() throws(LinuxError) -> FileDescriptor {
        // AF_XDP, SOCK_RAW | SOCK_CLOEXEC
        try .adopting(skep_socket(44, 3 | 0o2000000, 0), "socket(AF_XDP)")
    }

    /// Gives a socket the memory of its frames (`XDP_UMEM_REG`).
    ///
    /// - Throws: `EINVAL` when the sizes do not fit the kernel's rules, `ENOBUFS` when the limit of locked memory is low.
    public static func register(
        _ memory: UnsafeMutableRawBufferPointer, frameSize: UInt32, headroom: UInt32, for socket: Int32
    ) throws(LinuxError) {
        var registration = skep_xdp_memory()
        registration.address = UInt64(UInt(bitPattern: memory.baseAddress))
        registration.length = UInt64(memory.count)
        registration.frame_size = frameSize
        registration.headroom = headroom
        let size = UInt32(MemoryLayout<skep_xdp_memory>.size)
        _ = try checked(
            skep_set_socket_option(socket, level, 4, &registration, size), "setsockopt(XDP_UMEM_REG)")
    }

    /// Makes a ring of so many entries, a power of 2.
    public static func makeRing(_ ring: Ring, entries: UInt32, for socket: Int32) throws(LinuxError) {
        var entries = entries
        _ = try checked(skep_set_socket_option(socket, level, ring.option, &entries, 4), "setsockopt(SOL_XDP)")
    }

    /// Where the parts of the rings are in their mappings (`XDP_MMAP_OFFSETS`; with the flags' word since Linux 5.4).
    public static func offsets(of socket: Int32) throws(LinuxError) -> skep_xdp_offsets {
        var offsets = skep_xdp_offsets()
        var size = UInt32(MemoryLayout<skep_xdp_offsets>.size)
        let whole = size
        _ = try checked(
            skep_get_socket_option(socket, level, 1, &offsets, &size), "getsockopt(XDP_MMAP_OFFSETS)")
        guard size == whole else {
            throw LinuxError(
                .notSupported, call: "getsockopt(XDP_MMAP_OFFSETS)",
                explanation: "the kernel's rings have no word for flags, which came with Linux 5.4")
        }
        return offsets
    }

    /// Binds a socket to a queue of an interface.
    ///
    /// - Parameters:
    ///   - flags: `XDP_SHARED_UMEM` (1), `XDP_COPY` (2), `XDP_ZEROCOPY` (4), `XDP_USE_NEED_WAKEUP` (8).
    ///   - owner: the bound socket whose memory is shared.
    /// - Throws: `EBUSY` when another socket has the queue, `EOPNOTSUPP` when the driver cannot do without copying,
    ///   `EINVAL` when there is no such queue.
    public static func bind(
        _ socket: Int32, interface: UInt32, queue: UInt32, flags: UInt16, owner: Int32? = nil
    ) throws(LinuxError) {
        var address = skep_xdp_address()
        address.family = 44
        address.flags = flags
        address.interface_index = interface
        address.queue = queue
        address.memory_owner = UInt32(bitPattern: owner ?? 0)
        _ = try checked(
            skep_bind(socket, &address, UInt32(MemoryLayout<skep_xdp_address>.size)), "bind(AF_XDP)")
    }

    /// What went wrong so far (`XDP_STATISTICS`; the last three since Linux 5.9, else 0).
    public static func statistics(of socket: Int32) throws(LinuxError) -> skep_xdp_statistics {
        var statistics = skep_xdp_statistics()
        var size = UInt32(MemoryLayout<skep_xdp_statistics>.size)
        _ = try checked(
            skep_get_socket_option(socket, level, 7, &statistics, &size), "getsockopt(XDP_STATISTICS)")
        return statistics
    }

    /// Whether frames go between the device and the memory without a copy (`XDP_OPTIONS`, Linux 5.3).
    public static func isZeroCopy(_ socket: Int32) throws(LinuxError) -> Bool {
        var options: UInt32 = 0
        var size: UInt32 = 4
        _ = try checked(skep_get_socket_option(socket, level, 8, &options, &size), "getsockopt(XDP_OPTIONS)")
        return options & 1 != 0
    }

    /// Tells the kernel that there are frames to send.
    ///
    /// Answers that mean "later" are no errors: the frames stay in the ring.
    public static func kickTransmit(_ socket: Int32) throws(LinuxError) {
        try kick(skep_kick_send(socket), "sendto(AF_XDP)")
    }

    /// Tells the kernel that there are frames to write to.
    public static func kickReceive(_ socket: Int32) throws(LinuxError) {
        try kick(skep_kick_receive(socket), "recvfrom(AF_XDP)")
    }

    private static func kick(_ answer: Int, _ call: String) throws(LinuxError) {
        guard answer < 0 else { return }
        switch Errno(answer: answer) {
        case .wouldBlock, .busy, .noBufferSpace, .interrupted: return
        default: throw LinuxError(Errno(answer: answer), call: call)
        }
    }
}
