// SPDX-License-Identifier: Apache-2.0

import Linux
public import Synchronization

/// Reads the records of a ring buffer map without copying them.
///
/// All CPUs write into one ring, in the order in which they reserve. A record is read in place: the `RawSpan` that is
/// handed out cannot outlive the call (``drain(limit:_:)``) or the next use of the reader (``next()``).
///
/// ```swift
/// var ring = try RingBuffer(object.map(named: "events"))
/// while try ring.wait(milliseconds: 100) {
///     ring.drain { record in print(record.byteCount) }
/// }
/// ```
///
/// Only one reader may read a map at a time; a second one would be given the same records.
///
/// The kernel does not count the records that did not fit: `bpf_ringbuf_reserve` and `bpf_ringbuf_output` just fail. So
/// the programs of a ``LoadedObject`` are made to count them: see ``LoadedObject/lostRecords(of:)``. ``availableBytes``
/// tells how full the ring is.
///
/// - Note: `BPF_MAP_TYPE_RINGBUF`, Linux 5.8; `kernel/bpf/ringbuf.c`. Rings in overwrite mode (`BPF_F_RB_OVERWRITE`)
///   cannot be read this way.
public struct RingBuffer: ~Copyable, @unchecked Sendable {
    // Sound: the value is the only owner of its position and mappings, and what is shared with the kernel is accessed
    // with atomic loads and stores only.

    /// The size of the ring in bytes, a power of 2.
    public let size: Int
    @usableFromInline let consumer: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let producer: UnsafePointer<Atomic<UInt64>>
    @usableFromInline let data: UnsafeRawPointer
    @usableFromInline let mask: UInt64
    /// Where the next record starts.
    @usableFromInline var position: UInt64
    /// Where the records ended when the writers' position was last read.
    @usableFromInline var end: UInt64
    /// What the kernel was told; it lags behind ``position`` by ``publishThreshold`` and a record at most.
    @usableFromInline var published: UInt64
    @usableFromInline let publishThreshold: UInt64
    private let memory: RingMemory

    /// Opens the ring buffer behind a map.
    public init(_ map: UntypedMap) throws(BPFError) {
        try self.init(mapDescriptor: map.rawDescriptor)
    }

    /// Opens the ring buffer behind a map's descriptor, which is duplicated.
    ///
    /// - Throws: ``BPFError`` with the code `invalidArgument` when the map is no ring buffer, `refused` when it may not
    ///   be mapped.
    public init(mapDescriptor: Int32) throws(BPFError) {
        memory = try RingMemory(mapDescriptor: mapDescriptor, writer: .programs)
        size = memory.size
        mask = UInt64(size) - 1
        // A quarter at most stays unreleased, so that writers are not starved by a slow reader, while small records do
        // not each take the position's cache line away from the writers.
        publishThreshold = UInt64(size) / 4
        consumer = memory.consumer
        producer = UnsafePointer(memory.producer)
        data = UnsafeRawPointer(memory.data)
        position = consumer.pointee.load(ordering: .relaxed)
        published = position
        end = position
    }

    deinit {
        if position != published { consumer.pointee.store(position, ordering: .releasing) }
    }

    /// The map's descriptor for use in an event loop, ready for reading while there are records; borrowed.
    ///
    /// Use it level-triggered: the kernel wakes a waiting reader when a record is added to an empty ring.
    public var fileDescriptor: Int32 { memory.descriptor.rawValue }

    /// Waits until there are records or the time is up.
    ///
    /// - Parameter milliseconds: how long to wait; negative is for ever, 0 not at all.
    /// - Returns: whether there are records; also `false` when a signal came.
    public func wait(milliseconds: Int32) throws(BPFError) -> Bool {
        do throws(LinuxError) {
            return try Poll.wait(for: memory.descriptor.rawValue, milliseconds: milliseconds)
        } catch {
            throw BPFError.system(error, "cannot wait for the ring buffer")
        }
    }
}
