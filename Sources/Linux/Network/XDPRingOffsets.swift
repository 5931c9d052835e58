// SPDX-License-Identifier: Apache-2.0

import CLinux

/// Where the parts of a ring are in its mapping, in bytes.
public struct XDPRingOffsets: Sendable, Hashable {
    /// The position of who writes.
    public let producer: Int
    /// The position of who reads.
    public let consumer: Int
    /// The first entry.
    public let entries: Int
    /// The word of flags.
    public let flags: Int

    init(_ raw: skep_xdp_ring_offsets) {
        producer = Int(clamping: raw.producer)
        consumer = Int(clamping: raw.consumer)
        entries = Int(clamping: raw.descriptors)
        flags = Int(clamping: raw.flags)
    }
}

/// What went wrong at a socket of the kind `AF_XDP` since it was opened.
public struct XDPStatistics: Sendable, Hashable {
    /// Frames that came in and were dropped for other reasons than a full ring (Linux 5.9; before, for all reasons).
    public let dropped: UInt64
    /// Entries of the fill ring that the kernel did not take.
    public let invalidFill: UInt64
    /// Entries of the transmit ring that the kernel did not take.
    public let invalidTransmit: UInt64
    /// Frames that came in and found the receive ring full (Linux 5.9).
    public let receiveRingFull: UInt64
    /// How often the kernel found no frame in the fill ring (Linux 5.9).
    public let fillRingEmpty: UInt64
    /// How often the kernel found no packet in the transmit ring (Linux 5.9).
    public let transmitRingEmpty: UInt64

    init(_ raw: skep_xdp_statistics) {
        dropped = raw.dropped
        invalidFill = raw.invalid_receive
        invalidTransmit = raw.invalid_transmit
        receiveRingFull = raw.ring_full
        fillRingEmpty = raw.fill_empty
        transmitRingEmpty = raw.transmit_empty
    }
}
