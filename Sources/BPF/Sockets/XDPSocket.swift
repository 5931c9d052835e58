// SPDX-License-Identifier: Apache-2.0

public import Linux

/// A socket that takes frames from an XDP program and sends frames, one queue of an interface each (`AF_XDP`).
///
/// Frames reach it when an XDP program of the interface redirects them to a map of the kind `xskmap` that holds the socket.
/// Only one thread at a time may use it.
///
/// ```swift
/// let memory = try UserMemory(frameCount: 4096)
/// var socket = try XDPSocket("eth0", memory: memory)
/// try object.map(named: "sockets").setSocket(socket.rawDescriptor, for: 0)
/// while try socket.wait(milliseconds: 100) {
///     try socket.receive { frame in .send(count: frame.byteCount) }  // an echo
/// }
/// ```
///
/// - Note: Linux 5.4, `net/xdp/xsk.c`; sharing memory between queues and interfaces 5.10.
public struct XDPSocket: ~Copyable, Sendable {
    /// The interface's name.
    public let interface: String
    /// The memory of its frames.
    public let memory: UserMemory
    /// Frames that a verdict wanted to send, and that did not fit into the ring: they were dropped.
    public internal(set) var unsentFrames: UInt64 = 0
    /// Entries of the kernel's that lay outside the memory; 0 unless something is badly wrong.
    public internal(set) var invalidEntries: UInt64 = 0
    var rings: Rings
    /// The frames that neither the kernel nor a caller has.
    var free: [UInt64]
    /// How many frames the kernel has to write to, and how many it should have.
    var filled = 0
    let fillTarget: Int

    /// What a socket is opened with.
    public struct Options: Sendable {
        /// The number of the interface's queue.
        public var queue: UInt32 = 0
        /// The number of entries of each ring, a power of 2 up to 32768.
        public var ringSize: UInt32 = 2048
        /// How frames get between the device and the memory.
        public var copying = Copying.automatic
        /// Whether the kernel says when it must be woken, which saves system calls (`XDP_USE_NEED_WAKEUP`, Linux 5.4).
        public var usesWakeUp = true
        /// How many frames of the memory are this socket's, or `nil` for all that are left.
        public var frameCount: Int?
        /// Where the interface is, or `nil` for the caller's namespace.
        public var networkNamespace: NetworkNamespace?

        /// Makes the default options.
        public init() {}
    }

    /// How frames get between the device and the memory.
    public enum Copying: UInt16, Sendable, Hashable {
        /// Without a copy where the driver can.
        case automatic = 0
        /// With a copy (`XDP_COPY`).
        case always = 2
        /// Without a copy, or not at all (`XDP_ZEROCOPY`).
        case never = 4
    }

    /// What becomes of a frame that came in.
    public enum Verdict: Sendable, Hashable {
        /// Its memory is used for another one.
        case drop
        /// Its first so many bytes, as they are now, leave by the same interface.
        case send(count: Int)
    }

    /// Opens a socket and binds it to a queue of an interface.
    ///
    /// - Parameters:
    ///   - interface: the interface's name.
    ///   - memory: where frames lie; the first socket registers it, later ones share it.
    ///   - options: queue, rings, copying.
    /// - Throws: ``BPFError``: `notSupported` when the kernel or driver lacks something, `notFound` when there is no such
    ///   interface, `invalidArgument` when there is no such queue or the memory has no frames left, `refused` without
    ///   `CAP_NET_RAW`.
    public init(_ interface: String, memory: UserMemory, options: Options = Options()) throws(BPFError) {
        guard options.ringSize > 0, options.ringSize <= 1 << 15, options.ringSize & (options.ringSize - 1) == 0 else {
            throw BPFError(.invalidArgument, "a ring has a power of 2 of entries up to 32768, not \(options.ringSize)")
        }
        rings = try Self.open(interface, memory, options)
        self.interface = interface
        self.memory = memory
        free = rings.frames.reversed().map { UInt64($0) * UInt64(memory.frameSize) }
        // The other half is for sending.
        fillTarget = min(Int(options.ringSize), rings.frames.count / 2)
        refill()
    }

    /// An open socket and its rings.
    struct Rings: ~Copyable, Sendable {
        let socket: SharedDescriptor
        /// The numbers of the frames that are the socket's.
        let frames: Range<Int>
        var receiving: XDPRing
        var sending: XDPRing
        var filling: XDPRing
        var completing: XDPRing
        let usesWakeUp: Bool
    }

    private static func open(
        _ interface: String, _ memory: UserMemory, _ options: Options
    ) throws(BPFError) -> Rings {
        do throws(LinuxError) {
            let namespace = try AttachmentNamespace(options.networkNamespace)
            let (number, index) = try namespace.run { () throws(LinuxError) -> (Int32, UInt32) in
                let index = try Interfaces.index(named: interface)
                return (try XDPSockets.open().release(), index)
            }
            let socket = SharedDescriptor(name: "AF_XDP", descriptor: FileDescriptor(owning: number))
            let (frames, owner, usesWakeUp) = try memory.join(
                socket, frames: options.frameCount, usesWakeUp: options.usesWakeUp)
            do throws(LinuxError) {
                return try bind(
                    socket, to: index, options, frames: frames, sharing: owner, usesWakeUp: usesWakeUp)
            } catch {
                memory.leave(socket, frames: frames)
                throw error
            }
        } catch {
            throw explain(error, interface, options)
        }
    }

    private static func bind(
        _ socket: SharedDescriptor, to interface: UInt32, _ options: Options, frames: Range<Int>,
        sharing owner: SharedDescriptor?, usesWakeUp: Bool
    ) throws(LinuxError) -> Rings {
        let (number, size) = (socket.descriptor.rawValue, options.ringSize)
        for ring in XDPSockets.Ring.allCases { try XDPSockets.makeRing(ring, entries: size, for: number) }
        let offsets = try XDPSockets.offsets(of: number)
        let receiving = try XDPRing(.receive, of: number, size: size, entrySize: 16, offsets: offsets)
        let sending = try XDPRing(.transmit, of: number, size: size, entrySize: 16, offsets: offsets)
        let filling = try XDPRing(.fill, of: number, size: size, entrySize: 8, offsets: offsets)
        let completing = try XDPRing(.completion, of: number, size: size, entrySize: 8, offsets: offsets)
        // What is shared was decided by the socket that had the memory first.
        let flags = owner == nil ? options.copying.rawValue | (usesWakeUp ? 8 : 0) : 1
        try XDPSockets.bind(
            number, interface: interface, queue: options.queue, flags: flags, owner: owner?.descriptor.rawValue)
        return Rings(
            socket: socket, frames: frames, receiving: receiving, sending: sending, filling: filling,
            completing: completing, usesWakeUp: usesWakeUp)
    }

    /// The number of the descriptor, for maps and event loops; valid as long as the value lives.
    public var rawDescriptor: Int32 { rings.socket.descriptor.rawValue }

    /// What went wrong so far.
    ///
    /// - Note: `XDP_STATISTICS`.
    public var statistics: XDPStatistics {
        get throws(BPFError) {
            do throws(LinuxError) {
                return try XDPSockets.statistics(of: rawDescriptor)
            } catch {
                throw BPFError.system(error, "cannot read the statistics of the socket on \(interface)")
            }
        }
    }

    /// Whether frames go between the device and the memory without a copy.
    ///
    /// - Note: `XDP_OPTIONS`, Linux 5.3.
    public var isZeroCopy: Bool {
        get throws(BPFError) {
            do throws(LinuxError) {
                return try XDPSockets.isZeroCopy(rawDescriptor)
            } catch {
                throw BPFError.system(error, "cannot read the options of the socket on \(interface)")
            }
        }
    }

    private static let requirement = KernelRequirement(
        what: "AF_XDP sockets", version: "5.4", option: "CONFIG_XDP_SOCKETS")
    private static let sharingRequirement = KernelRequirement(
        what: "AF_XDP sockets that share memory between queues", version: "5.10")

    private static func explain(_ error: LinuxError, _ interface: String, _ options: Options) -> BPFError {
        if let lack = requirement.explaining(error) ?? sharingRequirement.explaining(error) { return lack }
        switch error.errno {
        case _ where error.call == "umem":
            return BPFError(.invalidArgument, "the memory cannot be used for a socket on \(interface)", cause: error)
        case _ where error.call == "if_nametoindex", .noSuchDevice:
            return BPFError(.notFound, "there is no network interface \(interface)", cause: error)
        case .notSupported where options.copying == .never:
            return BPFError(
                .notSupported, "the driver of the interface \(interface) cannot do without copying frames",
                hint: "leave the choice to the kernel", cause: error)
        case .busy:
            return BPFError(
                .system, "another socket has the queue \(options.queue) of the interface \(interface)", cause: error)
        case .invalidArgument where error.call.hasPrefix("bind"):
            return BPFError(
                .invalidArgument,
                "the interface \(interface) has no queue \(options.queue), or is of another memory's kind",
                cause: error)
        default:
            return BPFError.system(error, "cannot open an AF_XDP socket on the interface \(interface)")
        }
    }
}
