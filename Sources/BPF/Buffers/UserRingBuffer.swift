// SPDX-License-Identifier: Apache-2.0

import Linux
import Synchronization

/// Sends records from user space to programs, which read them with `bpf_user_ringbuf_drain`.
///
/// One sender at a time, and the records arrive in the order in which they were reserved. A record is written in place.
///
/// ```swift
/// var sender = try UserRingBuffer(object.map(named: "commands"))
/// guard try sender.send([1, 2, 3, 4, 5, 6, 7, 8], milliseconds: 100) else { return }  // full all the time
/// ```
///
/// A program reads when it runs: nothing here wakes it.
///
/// - Note: `BPF_MAP_TYPE_USER_RINGBUF`, Linux 6.1, `kernel/bpf/ringbuf.c`.
public struct UserRingBuffer: ~Copyable, Sendable {
    /// The size of the ring in bytes, a power of 2; a record takes 8 bytes more than its size, rounded up to 8.
    public var size: Int { ring.memory.size }

    private let ring: UserRing

    /// Opens the ring buffer behind a map.
    public init(_ map: UntypedMap) throws(BPFError) {
        try self.init(mapDescriptor: map.rawDescriptor)
    }

    /// Opens the ring buffer behind a map's descriptor, which is duplicated.
    ///
    /// - Throws: ``BPFError`` with the code `invalidArgument` when the map is no user ring buffer, `refused` when it may
    ///   not be mapped.
    public init(mapDescriptor: Int32) throws(BPFError) {
        ring = UserRing(try RingMemory(mapDescriptor: mapDescriptor, writer: .process))
    }

    /// Room for one record, which programs wait for until it is submitted or discarded; it is discarded when it is
    /// dropped.
    public struct Reservation: ~Copyable {
        private let ring: UserRing
        private let header: UnsafeMutableRawPointer
        /// The number of bytes.
        public let byteCount: Int
        private var isSubmitted = false

        fileprivate init(ring: UserRing, header: UnsafeMutableRawPointer, byteCount: Int) {
            self.ring = ring
            self.header = header
            self.byteCount = byteCount
        }

        deinit {
            ring.finish(header, byteCount, isDiscarded: !isSubmitted)
        }

        /// Lends the record's bytes to be written; they hold what an earlier record left.
        public mutating func withBytes<Result, Failure: Error>(
            _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try body(UnsafeMutableRawBufferPointer(start: header + 8, count: byteCount))
        }

        /// Hands the record to programs.
        public consuming func submit() {
            isSubmitted = true
        }
    }

    /// Reserves room for a record.
    ///
    /// - Parameter byteCount: the record's size in bytes, 1 to the ring's size less 8.
    /// - Returns: `nil` when the ring is full at this moment.
    /// - Throws: ``BPFError`` when the record never fits.
    public mutating func reserve(byteCount: Int) throws(BPFError) -> Reservation? {
        guard byteCount > 0, byteCount <= size - 8 else {
            throw BPFError(
                .invalidArgument, "a record of \(byteCount) bytes does not fit into a ring buffer of \(size) bytes",
                hint: "records have 1 to \(size - 8) bytes")
        }
        guard let header = ring.reserve(byteCount) else { return nil }
        return Reservation(ring: ring, header: header, byteCount: byteCount)
    }

    /// Reserves room for a record, and waits for it while the ring is full.
    ///
    /// - Parameters:
    ///   - byteCount: the record's size in bytes, 1 to the ring's size less 8.
    ///   - milliseconds: how long to wait at most, 0 or more.
    /// - Returns: `nil` when the ring was full all the time.
    /// - Throws: ``BPFError`` when the record never fits.
    public mutating func reserve(byteCount: Int, milliseconds: Int32) throws(BPFError) -> Reservation? {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: .milliseconds(Int64(max(milliseconds, 0))))
        while true {
            if let reservation = try reserve(byteCount: byteCount) { return reservation }
            let left = clock.now.duration(to: end) / .milliseconds(1)
            guard left > 0 else { return nil }
            do throws(LinuxError) {
                // The kernel calls the ring writable as soon as a single byte is free, so that a short pause is needed
                // where a record does not fit yet; a program that drains the ring ends the wait.
                let pause = min(Int32(left.rounded(.up)), 1)
                if try Poll.wait(for: ring.memory.descriptor.rawValue, .output, milliseconds: Int32(left.rounded(.up)))
                {
                    _ = try Poll.wait(for: ring.memory.descriptor.rawValue, [], milliseconds: pause)
                }
            } catch {
                throw BPFError.system(error, "cannot wait for room in the ring buffer")
            }
        }
    }

    /// Sends a record.
    ///
    /// - Parameters:
    ///   - bytes: the record, of 1 to the ring's size less 8 bytes.
    ///   - milliseconds: how long to wait while the ring is full; 0 for not at all.
    /// - Returns: `false` when the ring was full all the time: nothing was sent.
    /// - Throws: ``BPFError`` when the record never fits.
    public mutating func send(_ bytes: [UInt8], milliseconds: Int32 = 0) throws(BPFError) -> Bool {
        guard var reservation = try reserve(byteCount: bytes.count, milliseconds: milliseconds) else { return false }
        reservation.withBytes { $0.copyBytes(from: bytes) }
        reservation.submit()
        return true
    }

    /// The bytes that programs have not read yet, with headers and padding.
    public var waitingBytes: Int { ring.waitingBytes }
}

/// The memory of a user ring buffer, which outlives the reservations in it.
private final class UserRing: @unchecked Sendable {
    // Sound: positions and lengths that are shared with the kernel are atomic; there is one sender by ownership.

    let memory: RingMemory

    private static let busyBit: UInt32 = 1 << 31
    private static let discardBit: UInt32 = 1 << 30

    init(_ memory: consuming RingMemory) {
        self.memory = memory
    }

    var waitingBytes: Int {
        Int(
            truncatingIfNeeded: memory.producer.pointee.load(ordering: .relaxed)
                &- memory.consumer.pointee.load(ordering: .acquiring))
    }

    func reserve(_ count: Int) -> UnsafeMutableRawPointer? {
        let total = (count + 15) & ~7
        let position = memory.producer.pointee.load(ordering: .relaxed)
        let used = position &- memory.consumer.pointee.load(ordering: .acquiring)
        // A consumer's position that is ahead would be the kernel's error; nothing is written then.
        guard used <= UInt64(memory.size), UInt64(total) <= UInt64(memory.size) - used else { return nil }
        let header = memory.data + Int(truncatingIfNeeded: position & UInt64(memory.size - 1))
        (header + 4).storeBytes(of: 0, as: UInt32.self)
        header.assumingMemoryBound(to: Atomic<UInt32>.self).pointee
            .store(UInt32(truncatingIfNeeded: count) | Self.busyBit, ordering: .relaxed)
        // The kernel reads the length after this position.
        memory.producer.pointee.store(position &+ UInt64(total), ordering: .releasing)
        return header
    }

    func finish(_ header: UnsafeMutableRawPointer, _ count: Int, isDiscarded: Bool) {
        let length = UInt32(truncatingIfNeeded: count) | (isDiscarded ? Self.discardBit : 0)
        header.assumingMemoryBound(to: Atomic<UInt32>.self).pointee.store(length, ordering: .releasing)
    }
}
