// SPDX-License-Identifier: Apache-2.0

import Diagnostics
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
    private let consumerMapping: MemoryMapping
    private let producerMapping: MemoryMapping
    private let descriptor: FileDescriptor

    /// Opens the ring buffer behind a map.
    public init(_ map: UntypedMap) throws(BPFError) {
        try self.init(mapDescriptor: map.rawDescriptor)
    }

    /// Opens the ring buffer behind a map's descriptor, which is duplicated.
    ///
    /// - Throws: ``BPFError`` with the code `invalidArgument` when the map is no ring buffer, `refused` when it may not
    ///   be mapped.
    public init(mapDescriptor: Int32) throws(BPFError) {
        let information: MapInformation
        do throws(LinuxError) {
            information = try BPFSystemCall.mapInformation(of: mapDescriptor)
        } catch {
            throw BPFError.system(error, "cannot open the ring buffer")
        }
        let context = [DiagnosticContext("map", information.name)]
        let size = Int(information.maxEntries)
        guard information.kind == 27, size > 0, size & (size - 1) == 0 else {
            throw BPFError(.invalidArgument, "the map is not a ring buffer", context: context)
        }
        let page = MemoryMapping.pageSize
        do throws(LinuxError) {
            let descriptor = try FileDescriptor.duplicating(mapDescriptor)
            // One page that only the reader writes; then one that only the kernel writes, and the data twice in a row,
            // so that a record that goes over the end is in one piece.
            let consumerMapping = try MemoryMapping(of: descriptor.rawValue, count: page, writable: true)
            let producerMapping = try MemoryMapping(
                of: descriptor.rawValue, count: page + 2 * size, offset: page, writable: false)
            self.init(
                size: size, consumerMapping: consumerMapping, producerMapping: producerMapping, descriptor: descriptor)
        } catch {
            throw BPFError.system(error, "cannot map the ring buffer's memory", context: context)
        }
    }

    private init(
        size: Int, consumerMapping: consuming MemoryMapping, producerMapping: consuming MemoryMapping,
        descriptor: consuming FileDescriptor
    ) {
        self.size = size
        mask = UInt64(size) - 1
        // A quarter at most stays unreleased, so that writers are not starved by a slow reader, while small records do
        // not each take the position's cache line away from the writers.
        publishThreshold = UInt64(size) / 4
        consumer = consumerMapping.address.assumingMemoryBound(to: Atomic<UInt64>.self)
        producer = UnsafePointer(producerMapping.address.assumingMemoryBound(to: Atomic<UInt64>.self))
        data = UnsafeRawPointer(producerMapping.address + MemoryMapping.pageSize)
        position = consumer.pointee.load(ordering: .relaxed)
        published = position
        end = position
        self.consumerMapping = consumerMapping
        self.producerMapping = producerMapping
        self.descriptor = descriptor
    }

    deinit {
        if position != published { consumer.pointee.store(position, ordering: .releasing) }
    }

    /// The map's descriptor for use in an event loop, ready for reading while there are records; borrowed.
    ///
    /// Use it level-triggered: the kernel wakes a waiting reader when a record is added to an empty ring.
    public var fileDescriptor: Int32 { descriptor.rawValue }

    /// Waits until there are records or the time is up.
    ///
    /// - Parameter milliseconds: how long to wait; negative is for ever, 0 not at all.
    /// - Returns: whether there are records; also `false` when a signal came.
    public func wait(milliseconds: Int32) throws(BPFError) -> Bool {
        do throws(LinuxError) {
            return try Poll.wait(for: descriptor.rawValue, milliseconds: milliseconds)
        } catch {
            throw BPFError.system(error, "cannot wait for the ring buffer")
        }
    }
}
