// SPDX-License-Identifier: Apache-2.0

public import Schema

/// Counts stacks and writes them folded: `command;outermost;…;innermost COUNT`, the input of flame graphs.
///
/// Stacks come from the rows of a stream or the entries of a map: the columns that hold stacks, the process's before the
/// kernel's, with the command in front and counted by a column called `count` or the like, or each row as one.
public final class FoldedStacks {
    private let schema: RowSchema
    private let values: FieldWriter
    private let stacks: [Int]
    private let command: Column?
    private let count: Column?
    private var counts: [String: UInt64] = [:]
    private static let maximum = 1 << 18
    /// Stacks counted, and those left out since there were more than 2¹⁸ different ones.
    public private(set) var counters = RowCounters()

    /// Makes a counter for rows of a schema.
    ///
    /// - Throws: ``PresentationError`` when no column holds a stack.
    public init(schema: RowSchema, symbols: StackSymbols) throws(PresentationError) {
        self.schema = schema
        values = FieldWriter(
            schema: schema, dialect: .table, clock: WallClock(monotonicOffset: 0), symbols: symbols)
        let columns = schema.columns
        let found = columns.indices.compactMap { index -> (Int, StackSpace)? in
            switch columns[index].meaning {
            case .stack(let space), .stackID(let space): (index, space)
            default: nil
            }
        }
        guard !found.isEmpty else {
            throw PresentationError(.unknownColumn, "\(schema.typeName) has no column that holds a stack")
        }
        stacks = found.filter { $0.1 != .kernel }.map(\.0) + found.filter { $0.1 == .kernel }.map(\.0)
        command = columns.first { $0.meaning == .command }
        let names = ["count", "counts", "samples", "hits", "value", "nr", "total"]
        count =
            columns.first { column in
                guard case .integer = column.layout, column.meaning == .plain else { return false }
                return names.contains(column.name.lowercased())
            }
            ?? columns.first { column in
                guard case .integer = column.layout else { return false }
                return column.components.first == "value"
            }
    }

    /// Counts a row's stacks.
    public func add(record: RawSpan) {
        var frames: [String] = []
        if let command, case .text(let text)? = command.layout.value(in: record, at: command.offset) {
            frames.append(text)
        }
        let process = values.processID(of: record)
        for index in stacks {
            guard let (addresses, space) = values.frames(index, of: record) else { continue }
            frames += (values.symbols?.names(addresses, space, processID: process) ?? []).reversed()
        }
        var weight: UInt64 = 1
        if let count { weight = count.layout.integer?.word(in: record, at: count.offset) ?? 1 }
        add(frames: frames, count: weight)
    }

    /// Counts a stack, outermost frame first.
    public func add(frames: [String], count: UInt64) {
        // The format knows neither a line's end nor a semicolon within a name.
        let line = frames.map { frame in
            String(frame.map { $0 == ";" ? ":" : $0.isNewline ? " " : $0 })
        }.joined(separator: ";")
        guard counts[line] != nil || counts.count < Self.maximum else {
            counters.lost &+= 1
            return
        }
        counters.shown &+= 1
        counts[line, default: 0] &+= count
    }

    /// Writes the stacks, each once, in the order of their text.
    public func print(to sink: OutputSink) {
        for (line, count) in counts.sorted(by: { $0.key < $1.key }) {
            sink.buffer.append(line, escaping: .none)
            sink.buffer.append(UInt8(ascii: " "))
            sink.buffer.append(decimal: count)
            sink.buffer.append(UInt8(ascii: "\n"))
            sink.flushIfFull()
        }
    }
}
