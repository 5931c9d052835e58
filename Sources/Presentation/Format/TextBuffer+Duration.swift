// SPDX-License-Identifier: Apache-2.0

extension TextBuffer {
    /// Appends a span of time with its unit and three or four digits: `850ns`, `12.3us`, `1.50s`, `2m03s`, `1h02m`.
    mutating func append(duration nanoseconds: Int128) {
        if nanoseconds < 0 { append(UInt8(ascii: "-")) }
        let value = nanoseconds.magnitude
        switch value {
        case 0..<1_000: append(scaled: value, 1, "ns")
        case 0..<1_000_000: append(scaled: value, 1_000, "us")
        case 0..<1_000_000_000: append(scaled: value, 1_000_000, "ms")
        case 0..<60_000_000_000: append(scaled: value, 1_000_000_000, "s")
        case 0..<3_600_000_000_000: append(pair: value / 1_000_000_000, "m", "s")
        case 0..<86_400_000_000_000: append(pair: value / 60_000_000_000, "h", "m")
        default:
            let hours = value / 3_600_000_000_000
            append(decimal: UInt64(clamping: hours / 24))
            append(UInt8(ascii: "d"))
            append(decimal: UInt64(clamping: hours % 24), width: 2)
            append(UInt8(ascii: "h"))
        }
    }

    private mutating func append(scaled value: UInt128, _ scale: UInt128, _ unit: StaticString) {
        let whole = UInt64(clamping: value / scale)
        append(decimal: whole)
        // Digits are cut, not rounded: 999.99us must not read as 1000us.
        let rest = UInt64(clamping: value % scale)
        if scale > 1, whole < 10 {
            append(UInt8(ascii: "."))
            append(decimal: rest * 100 / UInt64(scale), width: 2)
        } else if scale > 1, whole < 100 {
            append(UInt8(ascii: "."))
            append(decimal: rest * 10 / UInt64(scale))
        }
        append(unit)
    }

    private mutating func append(pair value: UInt128, _ first: StaticString, _ second: StaticString) {
        append(decimal: UInt64(clamping: value / 60))
        append(first)
        append(decimal: UInt64(clamping: value % 60), width: 2)
        append(second)
    }
}
