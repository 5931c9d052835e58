// SPDX-License-Identifier: Apache-2.0

/// An index of type names without the names: lists of (hash of the essential name, id), one list for each slot.
///
/// A hit is verified against the string section, so a collision costs time only. Ids with one hash keep their order.
final class NameIndex: Sendable {
    /// The entries of all slots, one slot after the other. Types of one name stand next to each other, so that a table
    /// in which all have the same name costs no more than any other.
    private let entries: [UInt64]
    /// Where in ``entries`` each slot starts, and where the last one ends.
    private let starts: [UInt32]
    private let mask: Int

    /// - Parameters:
    ///   - capacity: an upper bound of the number of names.
    ///   - fill: calls its argument with every hash and id, in the order of ids.
    init(capacity: Int, fill: (_ add: (UInt32, UInt32) -> Void) -> Void) {
        var size = 16
        while size < capacity + capacity / 2 { size *= 2 }
        let mask = size - 1
        var found: [UInt64] = []
        found.reserveCapacity(capacity)
        var starts = [UInt32](repeating: 0, count: size + 1)
        fill { hash, id in
            found.append(UInt64(hash) << 32 | UInt64(id))
            starts[(Int(hash) & mask) + 1] += 1
        }
        for slot in 1...size { starts[slot] += starts[slot - 1] }
        var ends = starts
        var entries = [UInt64](repeating: 0, count: found.count)
        for entry in found {
            let slot = Int(entry >> 32) & mask
            entries[Int(ends[slot])] = entry
            ends[slot] += 1
        }
        self.entries = entries
        self.starts = starts
        self.mask = mask
    }

    /// Calls `body` with every id whose name has this hash, ascending, until it answers `false`.
    func forEach(hash: UInt32, _ body: (BTFTypeID) -> Bool) {
        let slot = Int(hash) & mask
        for position in Int(starts[slot])..<Int(starts[slot + 1])
        where UInt32(truncatingIfNeeded: entries[position] >> 32) == hash {
            guard body(BTFTypeID(UInt32(truncatingIfNeeded: entries[position]))) else { return }
        }
    }

    /// Where hashes start: another value in each process, so that nobody can choose names that all have one hash.
    static let seed = UInt32.random(in: .min ... .max)

    /// Lets every bit of a hash change the low ones, which choose the slot.
    @inline(__always)
    static func mix(_ hash: UInt32) -> UInt32 {
        let first = (hash ^ hash >> 16) &* 0x85eb_ca6b
        let second = (first ^ first >> 13) &* 0xc2b2_ae35
        return second ^ second >> 16
    }

    /// The hash (FNV-1a with a seed) of the essential part of the NUL-terminated string at an address; of one that is
    /// longer than ``EssentialName/longest`` the hash of its start.
    @inline(__always)
    static func hash(_ string: UnsafeRawPointer) -> UInt32 {
        var hash = seed
        var beforeRun: UInt32 = hash
        var essential: UInt32?
        var run = 0
        var cursor = string
        while true {
            let byte = cursor.load(as: UInt8.self)
            if byte == 0 { return mix(essential ?? hash) }
            if cursor - string == EssentialName.longest { return mix(hash) }
            if byte == UInt8(ascii: "_") {
                // A name that starts with underscores has no essential part before them.
                if run == 0 { beforeRun = hash }
                run &+= 1
            } else {
                if run == 3, cursor - string > 3 { essential = beforeRun }
                run = 0
            }
            hash = (hash ^ UInt32(byte)) &* 0x0100_0193
            cursor += 1
        }
    }
}
