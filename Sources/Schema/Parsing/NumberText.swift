// SPDX-License-Identifier: Apache-2.0

/// Numbers as people type them.
public enum NumberText {
    /// Reads `10`, `-3`, `0x1f`, `0o17`, `0b101`, with `_` between digits allowed; `nil` when it is none or does not fit
    /// 128 bits.
    public static func integer(_ text: some StringProtocol) -> Int128? {
        var rest = Substring(text)
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest = rest.dropFirst() }
        var radix = 10
        for (prefix, value) in [("0x", 16), ("0X", 16), ("0o", 8), ("0b", 2)] where rest.hasPrefix(prefix) {
            radix = value
            rest = rest.dropFirst(2)
        }
        let digits = rest.filter { $0 != "_" }
        guard let first = digits.utf8.first, first != 43, first != 45, rest.first != "_" else { return nil }
        return Int128((isNegative ? "-" : "") + digits, radix: radix)
    }

    /// Reads a span of time: `10ms`, `1.5s`, `3m`, `2h`; answers nanoseconds. A plain number counts in `unit`.
    ///
    /// `nil` when it is none, or does not fit. Fractions of a nanosecond are cut off.
    public static func duration(_ text: some StringProtocol, unit: TimeUnit) -> Int128? {
        if let plain = integer(text) {
            let (product, overflow) = plain.multipliedReportingOverflow(by: Int128(unit.nanoseconds))
            return overflow ? nil : product
        }
        let units: [(String, Int128)] = [
            ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
            ("h", 3_600_000_000_000),
        ]
        for (suffix, scale) in units where text.hasSuffix(suffix) {
            if let value = decimal(text.dropLast(suffix.count), scale: scale) { return value }
        }
        return decimal(text, scale: Int128(unit.nanoseconds))
    }

    /// Reads a decimal fraction times a scale, without rounding errors.
    private static func decimal(_ text: some StringProtocol, scale: Int128) -> Int128? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = integer(first), whole.magnitude < 1 << 64 else { return nil }
        let isNegative = first.hasPrefix("-")
        var value = whole * scale
        if parts.count == 2 {
            var place = scale
            for digit in parts[1].utf8 {
                guard digit >= 48, digit <= 57 else { return nil }
                place /= 10
                value += (isNegative ? -1 : 1) * place * Int128(digit - 48)
            }
            guard !parts[1].isEmpty else { return nil }
        }
        return value
    }

    /// Reads an Ethernet address: six bytes in hex divided by colons or dashes.
    public static func hardwareAddress(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == ":" || $0 == "-" })
        let bytes = parts.compactMap { $0.utf8.count == 2 && !$0.hasPrefix("+") ? UInt8($0, radix: 16) : nil }
        return parts.count == 6 && bytes.count == 6 ? bytes : nil
    }

    /// Reads bytes in hex, two digits each.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 65...70: digit - 55
        case 97...102: digit - 87
        default: nil
        }
    }
}
