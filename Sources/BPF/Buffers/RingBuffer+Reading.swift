// SPDX-License-Identifier: Apache-2.0

public import Synchronization

// The top bits of the length before each record (`BPF_RINGBUF_BUSY_BIT`, `BPF_RINGBUF_DISCARD_BIT`).
@usableFromInline let busyBit: UInt32 = 1 << 31
@usableFromInline let discardBit: UInt32 = 1 << 30

extension RingBuffer {
    /// Hands out all records that are there, in order and without copying.
    ///
    /// Reading goes on while new records come in, so give a limit where something else waits. Records that their writer
    /// discarded are skipped. Reading pauses at a record that its writer has reserved but not submitted.
    ///
    /// - Parameters:
    ///   - limit: the most records to hand out.
    ///   - body: gets a record's bytes; when it throws, its record counts as read.
    /// - Returns: how many records were handed out.
    /// - Complexity: O(records); the writers' position is read once for all records that it covers, and the kernel is
    ///   told once for a quarter of the ring at most.
    @inlinable
    @discardableResult
    public mutating func drain<Failure: Error>(
        limit: Int = .max, _ body: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        var count = 0
        var position = self.position
        var end = self.end
        defer {
            self.position = position
            self.end = end
            publish()
        }
        while count < limit {
            if position >= end {
                end = producer.pointee.load(ordering: .acquiring)
                if position >= end { break }
            }
            let header = data + Int(truncatingIfNeeded: position & mask)
            let length = header.assumingMemoryBound(to: Atomic<UInt32>.self).pointee.load(ordering: .acquiring)
            if length & busyBit != 0 { break }
            let size = UInt64(length & ~discardBit)
            let step = (size &+ 15) & ~7
            // The kernel never writes a length that goes past its position; but nothing read is worth leaving the ring.
            if step > end &- position {
                position = end
                break
            }
            position &+= step
            // A load whose value nobody waits for: records of one size follow each other, so the header of a later one is
            // fetched while this one is looked at.
            let later = data + Int(truncatingIfNeeded: (position &+ step &* 8) & mask)
            _ = later.assumingMemoryBound(to: Atomic<UInt32>.self).pointee.load(ordering: .relaxed)
            if length & discardBit == 0 {
                count &+= 1
                try body(unsafe RawSpan(_unsafeStart: header + 8, byteCount: Int(truncatingIfNeeded: size)))
            }
            if position &- published >= publishThreshold {
                published = position
                consumer.pointee.store(position, ordering: .releasing)
            }
        }
        return count
    }

    /// The next record's bytes, valid until the reader is used again, or `nil` when there is none at this moment.
    ///
    /// ```swift
    /// while let record = ring.next() { print(record.byteCount) }
    /// ```
    @inlinable
    @_lifetime(&self)
    public mutating func next() -> RawSpan? {
        if position &- published >= publishThreshold { publish() }
        while true {
            if position >= end {
                publish()
                end = producer.pointee.load(ordering: .acquiring)
                if position >= end { return nil }
            }
            let header = data + Int(truncatingIfNeeded: position & mask)
            let length = header.assumingMemoryBound(to: Atomic<UInt32>.self).pointee.load(ordering: .acquiring)
            if length & busyBit != 0 {
                publish()
                return nil
            }
            let size = UInt64(length & ~discardBit)
            let step = (size &+ 15) & ~7
            if step > end &- position {
                position = end
                continue
            }
            position &+= step
            if length & discardBit == 0 {
                let span = unsafe RawSpan(_unsafeStart: header + 8, byteCount: Int(truncatingIfNeeded: size))
                return unsafe _overrideLifetime(span, mutating: &self)
            }
        }
    }

    /// Gives the room of the records that were read back to the writers.
    ///
    /// Happens by itself when a quarter of the ring was read, and whenever there is nothing left to read.
    @inlinable
    public mutating func publish() {
        if position == published { return }
        published = position
        consumer.pointee.store(position, ordering: .releasing)
    }

    /// The bytes that wait to be read, with their headers and padding: what `bpf_ringbuf_query` answers for
    /// `BPF_RB_AVAIL_DATA`.
    public var availableBytes: Int {
        Int(truncatingIfNeeded: producer.pointee.load(ordering: .acquiring) &- position)
    }

    /// How many bytes were ever reserved: `BPF_RB_PROD_POS`.
    public var producerPosition: UInt64 { producer.pointee.load(ordering: .acquiring) }

    /// How many of them were read: `BPF_RB_CONS_POS`, though the kernel may be told a little later.
    public var consumerPosition: UInt64 { position }
}
