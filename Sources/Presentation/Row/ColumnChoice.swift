// SPDX-License-Identifier: Apache-2.0

import Schema

extension RowSchema {
    /// The indices of the columns that options ask for.
    func chosen(_ names: [String]) throws(PresentationError) -> [Int] {
        if names.isEmpty { return columns.indices.filter { !columns[$0].isHidden } }
        var indices: [Int] = []
        for name in names {
            // A structure's name stands for all its fields.
            let prefix = name + "."
            let inside = columns.indices.filter { columns[$0].path.hasPrefix(prefix) && !columns[$0].isHidden }
            guard inside.isEmpty else {
                indices += inside
                continue
            }
            do throws(SchemaError) {
                indices.append(try index(of: name))
            } catch {
                throw PresentationError(.unknownColumn, error.message, hint: error.hint)
            }
        }
        return indices
    }

    /// The column that holds the row's own time, if there is one.
    var timeIndex: Int? {
        columns.firstIndex { column in
            guard case .timestamp = column.meaning, !column.isHidden, case .integer = column.layout else {
                return false
            }
            let name = column.name.lowercased()
            return ["ts", "time", "timestamp", "ktime"].contains { name == $0 || name.hasPrefix($0 + "_") }
        }
    }

    /// The shortest end of a column's path that no other column has.
    func label(of index: Int) -> String {
        let components = columns[index].components
        for count in 1...max(1, components.count) {
            let tail = components.suffix(count)
            if columns.indices.allSatisfy({ $0 == index || columns[$0].components.suffix(count) != tail }) {
                return tail.joined(separator: ".")
            }
        }
        return columns[index].path
    }
}

/// Finds a row's time.
struct RowTime {
    private let column: Column?
    private let unit: Int64
    private let clock: WallClock
    /// The index of the column that is the row's time.
    let index: Int?

    init(schema: RowSchema, clock: WallClock) {
        index = schema.timeIndex
        column = index.map { schema.columns[$0] }
        self.clock = clock
        if case .timestamp(let unit)? = column?.meaning { self.unit = unit.nanoseconds } else { unit = 1 }
    }

    /// The row's own time, or the time it was received when it has none or one that cannot be: zero, or more than an
    /// hour away, as when the clock was another one.
    func nanoseconds(of record: RawSpan, received: Int64) -> Int64 {
        own(in: record, received: received) ?? received
    }

    /// The column, read as how long something took.
    var asDuration: Column? {
        guard let column, case .timestamp(let unit) = column.meaning else { return nil }
        return column.with(meaning: .duration(unit))
    }

    /// Whether the row has a time of its own; a row that holds zero says nothing against it.
    func isPlausible(in record: RawSpan, received: Int64) -> Bool {
        guard let column, case .integer(let layout) = column.layout else { return false }
        return layout.word(in: record, at: column.offset) == 0 || own(in: record, received: received) != nil
    }

    private func own(in record: RawSpan, received: Int64) -> Int64? {
        guard let column, case .integer(let layout) = column.layout,
            let word = layout.word(in: record, at: column.offset), word != 0
        else { return nil }
        let (scaled, overflow) = Int64(clamping: word).multipliedReportingOverflow(by: unit)
        let (wall, wraps) = scaled.addingReportingOverflow(clock.monotonicOffset)
        guard !overflow, !wraps else { return nil }
        let (distance, far) = wall.subtractingReportingOverflow(received)
        return far || distance.magnitude > 3_600_000_000_000 ? nil : wall
    }
}
