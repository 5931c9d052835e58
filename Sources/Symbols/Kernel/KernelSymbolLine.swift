// SPDX-License-Identifier: Apache-2.0

/// One line of `/proc/kallsyms`: `ffffffff81000000 T _text`, with a module's name in brackets behind a tab.
struct KernelSymbolLine {
    let address: UInt64
    let kind: UInt8
    let name: Slice<UnsafeRawBufferPointer>
    let module: Slice<UnsafeRawBufferPointer>?

    init?(_ line: UnsafeRawBufferPointer) {
        var at = 0
        guard let address = Hexadecimal.read(line, &at), at + 2 < line.count, line[at] == UInt8(ascii: " "),
            line[at + 2] == UInt8(ascii: " ")
        else { return nil }
        self.address = address
        kind = line[at + 1]
        let start = at + 3
        var end = start
        while end < line.count, line[end] != UInt8(ascii: "\t"), line[end] != UInt8(ascii: " ") { end += 1 }
        guard end > start else { return nil }
        name = line[start..<end]
        var open = end
        while open < line.count, line[open] != UInt8(ascii: "[") { open += 1 }
        var close = open
        while close < line.count, line[close] != UInt8(ascii: "]") { close += 1 }
        module = close < line.count && close > open + 1 ? line[open + 1..<close] : nil
    }
}

/// Numbers in the files of /proc.
enum Hexadecimal {
    /// Reads digits from a position on and moves it behind them; `nil` when there are none, or more than 16.
    static func read(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> UInt64? {
        var value: UInt64 = 0
        let start = position
        while position < bytes.count {
            let digit: UInt8
            switch bytes[position] {
            case 0x30...0x39: digit = bytes[position] - 0x30
            case 0x61...0x66: digit = bytes[position] - 0x61 + 10
            case 0x41...0x46: digit = bytes[position] - 0x41 + 10
            default: return position > start ? value : nil
            }
            if position - start >= 16 { return nil }
            value = value << 4 | UInt64(digit)
            position += 1
        }
        return position > start ? value : nil
    }
}
