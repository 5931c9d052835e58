// SPDX-License-Identifier: Apache-2.0

extension TextBuffer {
    /// Appends a decimal number.
    mutating func append(decimal value: UInt64) {
        if value < 10 { return append(48 + UInt8(truncatingIfNeeded: value)) }
        let digits = Self.digits(of: value)
        let start = reserve(digits)
        var rest = value
        var index = digits &- 1
        while rest >= 10 {
            let quotient = rest / 10
            start[index] = 48 &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
            rest = quotient
            index &-= 1
        }
        start[index] = 48 &+ UInt8(truncatingIfNeeded: rest)
        commit(digits)
    }

    /// Appends a signed decimal number.
    mutating func append(decimal value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }

    /// Appends a number with leading zeros to a width.
    mutating func append(decimal value: UInt64, width: Int) {
        append(48, count: width - Self.digits(of: value))
        append(decimal: value)
    }

    /// Appends lower-case hex digits without a prefix.
    mutating func append(hex value: UInt64) {
        let digits = max(1, (67 - value.leadingZeroBitCount) / 4)
        for index in stride(from: digits - 1, through: 0, by: -1) {
            append(Self.hexDigit(UInt8(truncatingIfNeeded: value >> UInt64(index * 4))))
        }
    }

    /// Appends two hex digits.
    mutating func append(hexByte byte: UInt8) {
        append(Self.hexDigit(byte >> 4))
        append(Self.hexDigit(byte))
    }

    /// Appends octal digits after a `0`.
    mutating func append(octal value: UInt64) {
        append(48)
        if value != 0 { append(String(value, radix: 8)) }
    }

    static func hexDigit(_ value: UInt8) -> UInt8 {
        let digit = value & 15
        return digit < 10 ? 48 + digit : 87 + digit
    }

    @inline(__always)
    private static func digits(of value: UInt64) -> Int {
        var digits = 1
        var limit: UInt64 = 10
        while value >= limit {
            digits &+= 1
            let (next, overflow) = limit.multipliedReportingOverflow(by: 10)
            if overflow { break }
            limit = next
        }
        return digits
    }
}
