// SPDX-License-Identifier: Apache-2.0

/// How the kernel's monotonic time becomes the time on the wall.
public struct WallClock: Sendable, Hashable {
    /// Nanoseconds from the monotonic clock to the one of 1970 (`CLOCK_REALTIME` less `CLOCK_MONOTONIC`).
    public var monotonicOffset: Int64
    /// Seconds that local time is ahead of UTC.
    public var utcOffset: Int

    /// Makes a clock.
    public init(monotonicOffset: Int64, utcOffset: Int = 0) {
        self.monotonicOffset = monotonicOffset
        self.utcOffset = utcOffset
    }

    /// The wall time of a monotonic time, both in nanoseconds; `nil` when it is out of range.
    func realtime(ofMonotonic time: Int128) -> Int64? {
        Int64(exactly: time + Int128(monotonicOffset))
    }
}

/// A day of the proleptic Gregorian calendar.
struct CivilDate: Hashable {
    var year: Int
    var month: Int
    var day: Int

    /// The date so many days after 1970-01-01.
    init(daysSince1970 days: Int) {
        // Years are counted from March, so that a leap day is the last of its year, in cycles of 400 years.
        let shifted = days + 719_468
        let cycle = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfCycle = shifted - cycle * 146_097
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0)
    }
}

/// Writes times, remembering the text of the last second.
struct TimeWriter {
    private var second = Int64.min
    private var cached: [UInt8] = []
    private let utcOffset: Int64
    private let isDate: Bool

    /// - Parameters:
    ///   - utcOffset: seconds that the shown time is ahead of UTC.
    ///   - isDate: whether to write RFC 3339 (`2026-01-02T03:04:05.678901234Z`, UTC), or else `03:04:05.678`.
    init(utcOffset: Int, isDate: Bool) {
        self.utcOffset = isDate ? 0 : Int64(utcOffset)
        self.isDate = isDate
    }

    /// Appends a time given in nanoseconds since 1970.
    mutating func append(_ time: Int64, to buffer: inout TextBuffer) {
        var second = time / 1_000_000_000
        var fraction = time % 1_000_000_000
        if fraction < 0 {
            fraction += 1_000_000_000
            second -= 1
        }
        if second != self.second { update(second) }
        buffer.append(cached)
        buffer.append(UInt8(ascii: "."))
        if isDate {
            buffer.append(decimal: UInt64(fraction), width: 9)
            buffer.append(UInt8(ascii: "Z"))
        } else {
            buffer.append(decimal: UInt64(fraction / 1_000_000), width: 3)
        }
    }

    private mutating func update(_ second: Int64) {
        self.second = second
        let local = second + utcOffset
        var days = Int(local / 86_400)
        var rest = Int(local % 86_400)
        if rest < 0 {
            rest += 86_400
            days -= 1
        }
        var buffer = TextBuffer(capacity: 64)
        if isDate {
            let date = CivilDate(daysSince1970: days)
            buffer.append(decimal: UInt64(max(0, date.year)), width: 4)
            buffer.append(UInt8(ascii: "-"))
            buffer.append(decimal: UInt64(date.month), width: 2)
            buffer.append(UInt8(ascii: "-"))
            buffer.append(decimal: UInt64(date.day), width: 2)
            buffer.append(UInt8(ascii: "T"))
        }
        buffer.append(decimal: UInt64(rest / 3_600), width: 2)
        buffer.append(UInt8(ascii: ":"))
        buffer.append(decimal: UInt64(rest / 60 % 60), width: 2)
        buffer.append(UInt8(ascii: ":"))
        buffer.append(decimal: UInt64(rest % 60), width: 2)
        cached = Array(buffer.bytes)
    }
}
