// SPDX-License-Identifier: Apache-2.0

/// Finds where a name stands in the string section without any index: for a process that needs one or few names.
struct StringScanner {
    private typealias Block = SIMD32<UInt8>
    private let strings: UnsafeRawBufferPointer
    private let name: UnsafeRawBufferPointer
    /// Whether `name___flavour` counts too.
    private let withFlavours: Bool
    /// Starts that may still be compared in full: strings can be made so that nearly every byte of them is one.
    private var comparisons: Int

    /// - Parameter strings: a string section: its last byte is a NUL.
    init(strings: UnsafeRawBufferPointer, name: UnsafeRawBufferPointer, withFlavours: Bool) {
        self.strings = strings
        self.name = name
        self.withFlavours = withFlavours
        comparisons = 1 << 12 + strings.count / 16
    }

    /// Every offset, ascending, from which the bytes up to the next NUL are the name; `nil` when there are more than
    /// `limit`, or too many that nearly are. A match may start inside another string, because strings may share their
    /// ends.
    mutating func offsets(limit: Int) -> [UInt32]? {
        guard let start = strings.baseAddress, !name.isEmpty, name.count < strings.count else { return [] }
        var found: [UInt32] = []
        let first = Block(repeating: name[0])
        let last = Block(repeating: name[name.count - 1])
        let nul = Block(repeating: 0)
        let underscore = Block(repeating: withFlavours ? UInt8(ascii: "_") : 0)
        let lastStart = strings.count - name.count - 1
        var position = 0
        // One block compares 32 starts at once: their first byte, their last byte, and the byte after the name.
        while position + 31 <= lastStart {
            let block = start + position
            let ends = block + (name.count - 1)
            let after = (ends + 1).loadUnaligned(as: Block.self)
            let hits =
                (block.loadUnaligned(as: Block.self) .== first) .& (ends.loadUnaligned(as: Block.self) .== last)
                .& ((after .== nul) .| (after .== underscore))
            let words = unsafeBitCast(hits, to: SIMD4<UInt64>.self)
            if words.x | words.y | words.z | words.w != 0 {
                for lane in 0..<4 {
                    // A hit is a byte of ones.
                    var bits = words[lane]
                    while bits != 0 {
                        let byte = bits.trailingZeroBitCount / 8
                        bits &= ~(0xff << UInt64(byte * 8))
                        let candidate = position + lane * 8 + byte
                        if isMatch(at: candidate) { found.append(UInt32(truncatingIfNeeded: candidate)) }
                    }
                }
                if found.count > limit || comparisons < 0 { return nil }
            }
            position += 32
        }
        while position <= lastStart {
            if strings[position] == name[0], isMatch(at: position) {
                found.append(UInt32(truncatingIfNeeded: position))
                if found.count > limit { return nil }
            }
            position += 1
        }
        return found
    }

    private mutating func isMatch(at position: Int) -> Bool {
        comparisons -= 1
        for index in 0..<name.count where strings[position + index] != name[index] { return false }
        let after = position + name.count
        if strings[after] == 0 { return true }
        return withFlavours
            && EssentialName.isFlavour(UnsafeRawBufferPointer(rebasing: strings[position...]), of: name.count)
    }
}
