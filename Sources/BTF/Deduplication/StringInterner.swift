// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A string section in which every string stands once; a string's number is its offset in the section.
struct StringInterner {
    /// The strings, those of the base first.
    private(set) var bytes: [UInt8]
    /// An open hash table of offsets plus one; 0 is a free slot.
    private var slots: [UInt32] = [UInt32](repeating: 0, count: 1 << 10)
    private var count = 0

    /// - Parameter base: the strings that come before, as they are; empty for a section of its own.
    init(base: [UInt8]) {
        bytes = base
        if base.isEmpty { bytes = [0] }
        var start = 0
        for index in bytes.indices where bytes[index] == 0 {
            let hash = hash(start, index, in: bytes)
            if find(hash, start, index, in: bytes) == nil { insert(hash, start) }
            start = index + 1
        }
    }

    /// The number of the string at an offset of other strings, which is added when it is not there yet.
    ///
    /// - Parameter strings: a section whose last byte is a NUL.
    mutating func number(ofStringAt start: Int, in strings: UnsafeRawBufferPointer) throws(BTFError) -> UInt32 {
        var end = start
        while strings[end] != 0 { end += 1 }
        let hash = hash(start, end, in: strings)
        if let known = find(hash, start, end, in: strings) { return known }
        guard bytes.count + (end - start) < Int(Int32.max) else {
            throw BTFError(.tooLarge, "the strings are larger than 2 GiB")
        }
        let offset = bytes.count
        bytes.append(contentsOf: strings[start..<end])
        bytes.append(0)
        insert(hash, offset)
        return UInt32(truncatingIfNeeded: offset)
    }

    private func hash<Text: RandomAccessCollection<UInt8>>(
        _ start: Int, _ end: Int, in text: Text
    ) -> UInt32 where Text.Index == Int {
        var hash = NameIndex.seed
        for index in start..<end { hash = (hash ^ UInt32(text[index])) &* 0x0100_0193 }
        return NameIndex.mix(hash)
    }

    private func find<Text: RandomAccessCollection<UInt8>>(
        _ hash: UInt32, _ start: Int, _ end: Int, in text: Text
    ) -> UInt32? where Text.Index == Int {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let offset = Int(slots[slot]) - 1
            var index = 0
            while start + index < end, bytes[offset + index] == text[start + index] { index += 1 }
            if start + index == end, bytes[offset + index] == 0 { return UInt32(truncatingIfNeeded: offset) }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private mutating func insert(_ hash: UInt32, _ offset: Int) {
        if count * 2 >= slots.count { grow() }
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(truncatingIfNeeded: offset) + 1
        count += 1
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt32](repeating: 0, count: old.count * 2)
        let mask = slots.count - 1
        for entry in old where entry != 0 {
            let start = Int(entry) - 1
            var end = start
            while bytes[end] != 0 { end += 1 }
            var slot = Int(hash(start, end, in: bytes)) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = entry
        }
    }
}
