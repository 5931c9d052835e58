// SPDX-License-Identifier: Apache-2.0

/// An index of type names without the names: open addressing over (hash of the essential name, id).
///
/// A hit is verified against the string section, so a collision costs time only. Ids with one hash keep their order.
final class NameIndex: Sendable {
    private let slots: [UInt64]
    private let mask: Int

    /// - Parameters:
    ///   - capacity: an upper bound of the number of names.
    ///   - fill: calls its argument with every hash and id, in the order of ids.
    init(capacity: Int, fill: (_ add: (UInt32, UInt32) -> Void) -> Void) {
        var size = 16
        while size < capacity + capacity / 2 { size *= 2 }
        var slots = [UInt64](repeating: 0, count: size)
        let mask = size - 1
        slots.withUnsafeMutableBufferPointer { slots in
            fill { hash, id in
                var position = Int(hash) & mask
                while slots[position] != 0 { position = (position + 1) & mask }
                slots[position] = UInt64(hash) << 32 | UInt64(id)
            }
        }
        self.slots = slots
        self.mask = mask
    }

    /// Calls `body` with every id whose name has this hash, ascending, until it answers `false`.
    func forEach(hash: UInt32, _ body: (BTFTypeID) -> Bool) {
        var position = Int(hash) & mask
        while slots[position] != 0 {
            if UInt32(truncatingIfNeeded: slots[position] >> 32) == hash {
                guard body(BTFTypeID(UInt32(truncatingIfNeeded: slots[position]))) else { return }
            }
            position = (position + 1) & mask
        }
    }

    /// The hash (FNV-1a) of the essential part of the NUL-terminated string at an address.
    @inline(__always)
    static func hash(_ string: UnsafeRawPointer) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        var beforeRun: UInt32 = hash
        var essential: UInt32?
        var run = 0
        var cursor = string
        while true {
            let byte = cursor.load(as: UInt8.self)
            if byte == 0 { return essential ?? hash }
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
