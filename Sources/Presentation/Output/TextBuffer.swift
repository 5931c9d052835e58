// SPDX-License-Identifier: Apache-2.0

/// Growing bytes of output. Appending does not check uniqueness, which is what makes it faster than an array.
struct TextBuffer: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// The bytes so far; the pointer is good until the next change.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    /// The bytes so far as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    subscript(index: Int) -> UInt8 { bytes[index] }

    mutating func removeAll() { count = 0 }

    /// Cuts the end off.
    mutating func truncate(to count: Int) { self.count = min(self.count, max(0, count)) }

    /// Makes room for so many bytes and answers where they go; ``commit(_:)`` then counts those that were written.
    @inline(__always)
    mutating func reserve(_ more: Int) -> UnsafeMutablePointer<UInt8> {
        if count &+ more > capacity { grow(more) }
        return base + count
    }

    @inline(__always)
    mutating func commit(_ more: Int) { count &+= more }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let newCapacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity = newCapacity
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1).pointee = byte
        commit(1)
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count).update(from: start, count: bytes.count)
        commit(bytes.count)
    }

    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ text: some StringProtocol) {
        if text.utf8.withContiguousStorageIfAvailable({ append($0) }) == nil {
            for byte in text.utf8 { append(byte) }
        }
    }

    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    mutating func append(_ byte: UInt8, count: Int) {
        guard count > 0 else { return }
        reserve(count).update(repeating: byte, count: count)
        commit(count)
    }

    /// Pads what was written since `start` with spaces to a width in characters; on the left when it is aligned right.
    ///
    /// Answers the width that the text took before.
    @discardableResult
    mutating func pad(from start: Int, to width: Int, alignsRight: Bool) -> Int {
        let taken = characters(from: start)
        guard taken < width else { return taken }
        let spaces = width - taken
        if alignsRight {
            _ = reserve(spaces)
            let text = base + start
            (text + spaces).update(from: text, count: count - start)
            text.update(repeating: 0x20, count: spaces)
            commit(spaces)
        } else {
            append(0x20, count: spaces)
        }
        return taken
    }

    /// The number of Unicode scalars from a position to the end.
    func characters(from start: Int) -> Int {
        var result = 0
        for index in start..<max(start, count) where base[index] & 0xc0 != 0x80 { result += 1 }
        return result
    }
}
