// SPDX-License-Identifier: Apache-2.0

import Schema

/// Writes rows as aligned columns while they come.
///
/// Widths start from what the columns mean and grow with what is shown, as long as all fits the terminal: a wider value
/// only pushes its own row. Stacks stand below their row, one frame a line.
struct TableRowWriter {
    private var values: FieldWriter
    private var time: TimeWriter
    private let rowTime: RowTime
    private let options: PresentationOptions
    /// The shown columns of the schema, in the order of ``columns`` less the leading ones.
    private var indices: [Int] = []
    private var stacks: [Int] = []
    private var columns: [TableColumn] = []
    private let leading: Int
    private let hasCPU: Bool
    private var wroteHeader = false
    private var knowsTime = false

    init(schema: RowSchema, indices chosen: [Int], options: PresentationOptions, hasCPU: Bool = false) {
        values = FieldWriter(schema: schema, dialect: .table, clock: options.clock, symbols: options.symbols)
        time = TimeWriter(utcOffset: options.clock.utcOffset, isDate: false)
        rowTime = RowTime(schema: schema, clock: options.clock)
        self.options = options
        self.hasCPU = hasCPU
        if options.showsTime { columns.append(TableColumn(title: "TIME", width: 12, alignsRight: false)) }
        if let name = options.name {
            columns.append(TableColumn(title: "STREAM", width: name.utf8.count, alignsRight: false))
        }
        if hasCPU { columns.append(TableColumn(title: "CPU", width: 3, alignsRight: true)) }
        leading = columns.count
        var bounded: [(Int, TableColumn)] = []
        var unbounded: [(Int, TableColumn)] = []
        for index in chosen {
            let column = schema.columns[index]
            if Self.isStack(column.meaning, options) {
                stacks.append(index)
                continue
            }
            let shape = TableColumn(column, title: schema.label(of: index).uppercased())
            if shape.isUnbounded, options.columns.isEmpty {
                unbounded.append((index, shape))
            } else {
                bounded.append((index, shape))
            }
        }
        for (index, shape) in bounded + unbounded {
            indices.append(index)
            columns.append(shape)
        }
        wroteHeader = !options.showsHeader
    }

    private static func isStack(_ meaning: Meaning, _ options: PresentationOptions) -> Bool {
        switch meaning {
        case .stack: true
        case .stackID: options.symbols != nil
        default: false
        }
    }

    mutating func write(record: RawSpan, received: Int64, cpu: Int? = nil, to buffer: inout TextBuffer) {
        if !knowsTime { decideTime(record, received) }
        if !wroteHeader { writeHeader(to: &buffer) }
        var position = 0
        // What earlier cells are too wide by is taken from the spaces of later ones.
        var excess = 0
        if options.showsTime {
            let start = buffer.count
            time.append(rowTime.nanoseconds(of: record, received: received), to: &buffer)
            finishCell(&position, from: start, &excess, &buffer)
        }
        if let name = options.name {
            let start = buffer.count
            buffer.append(name, escaping: .terminal)
            finishCell(&position, from: start, &excess, &buffer)
        }
        if hasCPU {
            let start = buffer.count
            if let cpu { buffer.append(decimal: Int64(cpu)) }
            finishCell(&position, from: start, &excess, &buffer)
        }
        for index in indices {
            let start = buffer.count
            values.write(index, of: record, to: &buffer)
            finishCell(&position, from: start, &excess, &buffer)
        }
        buffer.append(UInt8(ascii: "\n"))
        for index in stacks { writeStack(index, of: record, to: &buffer) }
    }

    /// Leaves out the column that the leading one shows already, unless the first row tells that it holds no time of day:
    /// a field `time` may as well be how long something took.
    private mutating func decideTime(_ record: RawSpan, _ received: Int64) {
        knowsTime = true
        guard options.columns.isEmpty, options.showsTime, let place = indices.firstIndex(where: { $0 == rowTime.index })
        else { return }
        if rowTime.isPlausible(in: record, received: received) {
            indices.remove(at: place)
            columns.remove(at: leading + place)
        } else if let column = rowTime.asDuration {
            values.replacement = (indices[place], column)
        }
    }

    /// Sets the cell that was written since `start`.
    private mutating func finishCell(
        _ position: inout Int, from start: Int, _ excess: inout Int, _ buffer: inout TextBuffer
    ) {
        let index = position
        position += 1
        let isLast = index == columns.count - 1
        let column = columns[index]
        if isLast, !column.alignsRight { return }
        let taken = buffer.pad(from: start, to: max(0, column.width - excess), alignsRight: column.alignsRight)
        excess = max(0, taken + excess - column.width)
        if taken > column.width { grow(index, to: taken) }
        if !isLast { buffer.append(UInt8(ascii: " ")) }
    }

    private mutating func grow(_ index: Int, to width: Int) {
        let total = columns.reduce(0) { $0 + $1.width + 1 } - columns[index].width + width
        guard width <= 48, total <= options.width ?? 160 else { return }
        columns[index].width = width
    }

    private mutating func writeHeader(to buffer: inout TextBuffer) {
        wroteHeader = true
        guard !columns.isEmpty else { return }
        if options.usesColor { buffer.append("\u{1b}[1m" as StaticString) }
        for (index, column) in columns.enumerated() {
            let start = buffer.count
            buffer.append(column.title, escaping: .terminal)
            if index < columns.count - 1 || column.alignsRight {
                buffer.pad(from: start, to: column.width, alignsRight: column.alignsRight)
            }
            if index < columns.count - 1 { buffer.append(UInt8(ascii: " ")) }
        }
        if options.usesColor { buffer.append("\u{1b}[0m" as StaticString) }
        buffer.append(UInt8(ascii: "\n"))
    }

    private func writeStack(_ index: Int, of record: RawSpan, to buffer: inout TextBuffer) {
        guard let (addresses, space) = values.frames(index, of: record) else { return }
        let names =
            options.symbols?.names(addresses, space, processID: values.processID(of: record))
            ?? addresses.map { "0x" + String($0, radix: 16) }
        for name in names {
            buffer.append("    " as StaticString)
            buffer.append(name, escaping: .terminal)
            buffer.append(UInt8(ascii: "\n"))
        }
    }

    // MARK: Whole tables

    /// Widens columns to what a row shows, so that a table that is complete before it is printed lines up throughout.
    mutating func measure(record: RawSpan, received: Int64, into scratch: inout TextBuffer) {
        if !knowsTime { decideTime(record, received) }
        for (place, index) in indices.enumerated() {
            scratch.removeAll()
            values.write(index, of: record, to: &scratch)
            let position = leading + place
            columns[position].width = max(columns[position].width, scratch.characters(from: 0))
        }
    }

    /// Narrows columns to their titles before rows are measured.
    mutating func resetWidths() {
        for position in leading..<columns.count { columns[position].width = columns[position].title.utf8.count }
    }
}
