// SPDX-License-Identifier: Apache-2.0

/// Reads bits from the least significant end of each byte.
struct BitReader {
    let bytes: [UInt8]
    var offset: Int
    private var held: UInt32 = 0
    private var heldCount = 0

    init(bytes: [UInt8], offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    /// Reads 0 to 16 bits.
    mutating func bits(_ count: Int) throws(Inflate.Failure) -> Int {
        while heldCount < count {
            guard offset < bytes.count else { throw .truncated }
            held |= UInt32(bytes[offset]) << UInt32(heldCount)
            offset += 1
            heldCount += 8
        }
        let value = held & ((1 << UInt32(count)) - 1)
        held >>= UInt32(count)
        heldCount -= count
        return Int(value)
    }

    /// Drops the rest of a byte that was begun.
    mutating func align() {
        let rest = heldCount % 8
        held >>= UInt32(rest)
        heldCount -= rest
    }

    /// The first byte that no bit was taken from.
    var alignedOffset: Int { offset - heldCount / 8 }
}

/// A canonical prefix code (RFC 1951, section 3.2.2), decoded bit by bit with counts per length.
struct HuffmanCode {
    private var counts = [Int](repeating: 0, count: 16)
    private var symbols: [Int] = []

    /// Makes a code from the length of each symbol's code, 0 for symbols that do not occur.
    init(_ lengths: [UInt8]) throws(Inflate.Failure) {
        for length in lengths { counts[Int(length & 15)] += 1 }
        counts[0] = 0
        var left = 1
        for length in 1..<16 {
            left = left * 2 - counts[length]
            if left < 0 { throw .malformed }  // more codes than there is room for
        }
        symbols = lengths.indices.filter { lengths[$0] != 0 }.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    }

    static func fixedLiterals() throws(Inflate.Failure) -> HuffmanCode {
        try HuffmanCode(
            [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
                + [UInt8](repeating: 8, count: 8))
    }

    static func fixedDistances() throws(Inflate.Failure) -> HuffmanCode {
        try HuffmanCode([UInt8](repeating: 5, count: 30))
    }

    /// Decodes one symbol.
    func symbol(_ reader: inout BitReader) throws(Inflate.Failure) -> Int {
        var code = 0
        var first = 0
        var index = 0
        for length in 1..<16 {
            code |= try reader.bits(1)
            let count = counts[length]
            if code - first < count { return symbols[index + code - first] }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        throw .malformed
    }
}
