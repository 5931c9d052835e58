// SPDX-License-Identifier: Apache-2.0

import Linux
public import Synchronization

/// One CPU's ring of a perf buffer: the event and its memory.
///
/// - Note: `include/uapi/linux/perf_event.h` (`struct perf_event_mmap_page`), `kernel/events/ring_buffer.c`.
@usableFromInline
final class PerfRing: @unchecked Sendable {
    // Sound: only the perf buffer that owns it uses it, from one thread at a time; the positions that are shared with
    // the kernel are atomic.

    @usableFromInline let cpu: Int
    @usableFromInline let head: UnsafePointer<Atomic<UInt64>>
    @usableFromInline let tail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let data: UnsafeRawPointer
    @usableFromInline let mask: UInt64
    @usableFromInline var position: UInt64
    /// A record that goes over the end of the ring is put together here; a record has 64 KiB at most.
    @usableFromInline let scratch: UnsafeMutableRawPointer
    @usableFromInline var lost: UInt64 = 0
    private let event: FileDescriptor
    private let mapping: MemoryMapping

    /// Opens a CPU's event, puts it into the map and starts it.
    ///
    /// - Throws: `ENODEV` when the CPU is off.
    init(cpu: Int, map: Int32, pages: Int, wakeup: PerfEventAttributes.Wakeup) throws(LinuxError) {
        var attributes = PerfEventAttributes.bpfOutput
        attributes.wakeup = wakeup
        event = try PerfEvent.open(attributes, process: -1, cpu: Int32(cpu))
        let page = MemoryMapping.pageSize
        mapping = try MemoryMapping(of: event.rawValue, count: page * (pages + 1), writable: true)
        self.cpu = cpu
        head = UnsafePointer((mapping.address + 1024).assumingMemoryBound(to: Atomic<UInt64>.self))
        tail = (mapping.address + 1032).assumingMemoryBound(to: Atomic<UInt64>.self)
        data = UnsafeRawPointer(mapping.address + page)
        mask = UInt64(page * pages) - 1
        position = tail.pointee.load(ordering: .relaxed)
        scratch = .allocate(byteCount: 1 << 16, alignment: 16)
        var key = UInt32(truncatingIfNeeded: cpu)
        var value = UInt32(bitPattern: event.rawValue)
        try BPFSystemCall.update(map: map, key: &key, value: &value)
        try PerfEvent.enable(event.rawValue)
    }

    deinit {
        scratch.deallocate()
    }

    /// Takes the event out of the map, which would keep it alive and full for as long as the map is open.
    func leave(_ map: Int32) {
        var key = UInt32(truncatingIfNeeded: cpu)
        _ = try? BPFSystemCall.delete(map: map, key: &key)
    }

    var descriptor: Int32 { event.rawValue }

    /// Whether there is something that was not read.
    var hasRecords: Bool { head.pointee.load(ordering: .acquiring) > position }

    /// A record's bytes in one piece; `size` is 65535 at most and not more than the ring holds.
    @inlinable
    func record(at position: UInt64, size: Int) -> UnsafeRawPointer {
        let offset = Int(truncatingIfNeeded: position & mask)
        let untilEnd = Int(truncatingIfNeeded: mask) + 1 - offset
        if size <= untilEnd { return data + offset }
        scratch.copyMemory(from: data + offset, byteCount: untilEnd)
        (scratch + untilEnd).copyMemory(from: data, byteCount: size - untilEnd)
        return UnsafeRawPointer(scratch)
    }

    /// Hands out a CPU's records; answers how many.
    @inlinable
    func drain<Failure: Error>(
        limit: Int, _ body: (Int, RawSpan) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        var count = 0
        var position = position
        var published = position
        let end = head.pointee.load(ordering: .acquiring)
        defer {
            self.position = position
            if position != published { tail.pointee.store(position, ordering: .releasing) }
        }
        while position < end, count < limit {
            // Records are multiples of 8 bytes, so that a header of 8 never goes over the end.
            let header = data + Int(truncatingIfNeeded: position & mask)
            let type = header.load(as: UInt32.self)
            let size = Int(header.load(fromByteOffset: 6, as: UInt16.self))
            guard size >= 8, UInt64(size) <= end &- position, size <= Int(truncatingIfNeeded: mask) + 1 else {
                position = end  // not a record: nothing after it can be found
                break
            }
            let record = record(at: position, size: size)
            position &+= UInt64(size)
            if type == 9, size >= 12 {  // PERF_RECORD_SAMPLE with PERF_SAMPLE_RAW: a length, then the bytes
                let length = min(Int(record.load(fromByteOffset: 8, as: UInt32.self)), size - 12)
                count &+= 1
                try body(cpu, unsafe RawSpan(_unsafeStart: record + 12, byteCount: length))
            } else if type == 2, size >= 24 {  // PERF_RECORD_LOST: the event's number, then how many
                lost &+= record.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
            }
            if position &- published > mask >> 2 {
                published = position
                tail.pointee.store(position, ordering: .releasing)
            }
        }
        return count
    }
}
