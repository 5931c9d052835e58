// SPDX-License-Identifier: Apache-2.0

/// The form of rows.
public enum StreamFormat: String, Sendable, CaseIterable {
    /// Aligned columns for people.
    case table
    /// One JSON object a line (`docs/json.md`).
    case json
    /// RFC 4180.
    case csv
}

/// How rows are to be shown.
public struct PresentationOptions {
    /// The form.
    public var format: StreamFormat = .table
    /// The columns to show, by path, in this order in tables and CSV; empty: all but padding.
    public var columns: [String] = []
    /// A filter expression, or `nil` to show all rows. See ``RowFilter``.
    public var filter: String?
    /// The stream's or map's name where several are mixed: a column in tables and CSV, a key in JSON.
    public var name: String?
    /// Whether tables begin with the time.
    public var showsTime = true
    /// Whether tables have a header.
    public var showsHeader = true
    /// The terminal's width in characters; `nil` when it is not known.
    public var width: Int?
    /// Whether to use colour: only on a terminal, and not where `NO_COLOR` is set.
    public var usesColor = false
    /// How monotonic times become wall times.
    public var clock = WallClock(monotonicOffset: 0)
    /// How stacks get names; `nil`: they are shown as addresses.
    public var symbols: StackSymbols?

    /// Makes options with the defaults.
    public init() {}
}

/// What became of a stream's rows.
public struct RowCounters: Sendable, Hashable {
    /// Rows that were shown.
    public var shown: UInt64 = 0
    /// Rows that the filter left out.
    public var filtered: UInt64 = 0
    /// Events that never arrived since a buffer was full.
    public var lost: UInt64 = 0
    /// Rows that came when output had ended already, so that nobody saw them.
    public var unwritten: UInt64 = 0

    /// Makes counters.
    public init(shown: UInt64 = 0, filtered: UInt64 = 0, lost: UInt64 = 0) {
        self.shown = shown
        self.filtered = filtered
        self.lost = lost
    }

    /// Both together.
    public static func + (first: RowCounters, second: RowCounters) -> RowCounters {
        var sum = RowCounters(
            shown: first.shown &+ second.shown, filtered: first.filtered &+ second.filtered,
            lost: first.lost &+ second.lost)
        sum.unwritten = first.unwritten &+ second.unwritten
        return sum
    }

    /// The line for the end of a run: `12 rows, 3 filtered out, 1 lost`; what is zero is left out, but not the rows.
    public var summary: String {
        var parts = [shown == 1 ? "1 row" : "\(shown) rows"]
        if filtered > 0 { parts.append("\(filtered) filtered out") }
        if lost > 0 { parts.append("\(lost) lost") }
        return parts.joined(separator: ", ")
    }
}
