// SPDX-License-Identifier: Apache-2.0

import Linux
import Synchronization

/// One of the four rings that a socket shares with the kernel: this process produces into fill and transmit, and consumes
/// from receive and completion.
///
/// - Note: `net/xdp/xsk_queue.h`.
struct XDPRing: ~Copyable, @unchecked Sendable {
    // Sound: the ring belongs to one socket, and what is shared with the kernel is accessed with atomic loads and stores.

    private let mapping: MemoryMapping
    private let producer: UnsafeMutablePointer<Atomic<UInt32>>
    private let consumer: UnsafeMutablePointer<Atomic<UInt32>>
    private let flags: UnsafeMutablePointer<Atomic<UInt32>>
    private let entries: UnsafeMutableRawPointer
    /// The number of entries, a power of 2.
    let size: UInt32
    /// Where this process is; what the kernel sees follows with ``publish``.
    private var position: UInt32 = 0

    /// Maps a ring of a socket.
    ///
    /// - Parameter entrySize: 16 for packets, 8 for frames.
    init(
        _ ring: XDPSockets.Ring, of socket: Int32, size: UInt32, entrySize: Int,
        offsets: [XDPSockets.Ring: XDPRingOffsets]
    ) throws(LinuxError) {
        guard let offsets = offsets[ring] else { throw LinuxError(.inputOutput, call: "getsockopt(XDP_MMAP_OFFSETS)") }
        // A ring that claims its parts elsewhere would be a fault of the kernel's; nothing is read outside.
        let length = offsets.entries + Int(size) * entrySize
        guard offsets.entries >= 0, [offsets.producer, offsets.consumer, offsets.flags].allSatisfy({
            $0 >= 0 && $0 <= length - 4 && $0 % 4 == 0
        }) else { throw LinuxError(.inputOutput, call: "getsockopt(XDP_MMAP_OFFSETS)") }
        let mapping = try MemoryMapping(of: socket, count: length, offset: ring.mappingOffset, writable: true)
        producer = (mapping.address + offsets.producer).assumingMemoryBound(to: Atomic<UInt32>.self)
        consumer = (mapping.address + offsets.consumer).assumingMemoryBound(to: Atomic<UInt32>.self)
        flags = (mapping.address + offsets.flags).assumingMemoryBound(to: Atomic<UInt32>.self)
        entries = mapping.address + offsets.entries
        self.mapping = mapping
        self.size = size
    }

    /// Whether the kernel sleeps and wants a call before it looks at the ring (`XDP_RING_NEED_WAKEUP`, Linux 5.4).
    var needsWakeUp: Bool { flags.pointee.load(ordering: .relaxed) & 1 != 0 }

    // MARK: - Producing

    /// How many entries can be written.
    var room: Int { Int(size &- min(size, position &- consumer.pointee.load(ordering: .acquiring))) }

    /// How many entries the kernel has not taken yet.
    var pending: UInt32 { position &- consumer.pointee.load(ordering: .acquiring) }

    /// Writes a frame; there must be room.
    mutating func push(frame: UInt64) {
        (entries + slot * 8).storeBytes(of: frame, as: UInt64.self)
        position &+= 1
    }

    /// Writes a packet; there must be room.
    mutating func push(address: UInt64, count: UInt32) {
        let entry = entries + slot * 16
        entry.storeBytes(of: address, as: UInt64.self)
        (entry + 8).storeBytes(of: count, as: UInt32.self)
        (entry + 12).storeBytes(of: 0, as: UInt32.self)
        position &+= 1
    }

    /// Lets the kernel see what was written.
    func publish() { producer.pointee.store(position, ordering: .releasing) }

    // MARK: - Consuming

    /// How many entries can be read.
    var available: Int { Int(min(size, producer.pointee.load(ordering: .acquiring) &- position)) }

    /// Reads a frame; there must be one.
    mutating func popFrame() -> UInt64 {
        let frame = (entries + slot * 8).load(as: UInt64.self)
        position &+= 1
        return frame
    }

    /// Reads a packet; there must be one.
    mutating func popPacket() -> (address: UInt64, count: Int) {
        let entry = entries + slot * 16
        let packet = (entry.load(as: UInt64.self), Int((entry + 8).load(as: UInt32.self)))
        position &+= 1
        return packet
    }

    /// Gives the entries that were read back to the kernel.
    func release() { consumer.pointee.store(position, ordering: .releasing) }

    private var slot: Int { Int(position & (size - 1)) }
}
