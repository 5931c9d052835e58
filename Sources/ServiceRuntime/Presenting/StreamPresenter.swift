// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import BTF
import Linux
import Presentation
import Schema

/// Reads one ring or perf buffer and shows its records as rows.
final class StreamPresenter {
    let map: String
    private var ring: RingBuffer?
    private var perf: PerfBuffer?
    private let rows: [(size: Int, printer: RowPrinter)]
    /// The conditions that are counted, for each type of row; nil where a condition is not about rows of that type.
    private let conditions: [[RowFilter?]]
    /// How many rows met each condition.
    private(set) var matches: [UInt64]
    private var reportedLoss: UInt64 = 0

    /// The most records that are shown before other work gets its turn.
    private static let batch = 4096

    init(
        _ stream: StreamDescription, map: UntypedMap, types: BTFTable?, options: PresentationOptions, sink: OutputSink,
        conditions: [String] = []
    ) throws {
        self.map = stream.map
        var rows: [(size: Int, printer: RowPrinter)] = []
        var filters: [[RowFilter?]] = []
        var failure: (any Error)?
        for row in stream.rows {
            guard let types else { continue }
            do {
                let schema = try RowSchema(table: types, type: row.type)
                rows.append((row.size, try RowPrinter(schema: schema, options: options, sink: sink)))
                filters.append(conditions.map { try? RowFilter($0, schema: schema) })
            } catch {
                failure = error
            }
        }
        if rows.isEmpty {
            if let failure { throw failure }
            rows.append((0, try RowPrinter(schema: RowSchema(opaque: nil, name: "data"), options: options, sink: sink)))
        }
        self.rows = rows
        self.conditions = filters
        matches = Array(repeating: 0, count: conditions.count)
        if stream.kind == .ringBuffer {
            ring = try RingBuffer(map)
        } else {
            perf = try PerfBuffer(map)
        }
    }

    /// The descriptor to wait for.
    var descriptor: Int32 { ring?.fileDescriptor ?? perf?.fileDescriptor ?? -1 }

    /// Whether records wait that the descriptor does not tell of, since a reading was limited.
    var hasMore: Bool { perf?.hasRecords ?? false }

    /// What became of the records.
    var counters: RowCounters { rows.reduce(RowCounters()) { $0 + $1.printer.counters } }

    /// Shows what is there.
    ///
    /// - Parameter remaining: how many rows may still be shown.
    /// - Returns: whether there were any records; there may be more.
    @discardableResult
    func drain(remaining: Int) -> Bool {
        let received = Int64(clamping: Clock.real())
        let limit = min(Self.batch, remaining)
        // Filtered rows do not count, so a batch may show fewer than it reads, never more.
        let fromRing = ring?.drain(limit: limit) { record in show(record, received) } ?? 0
        let fromPerf = perf?.drain(limit: limit) { _, record in show(record, received) } ?? 0
        let lost = perf?.lostRecords ?? 0
        if lost > reportedLoss {
            rows.first?.printer.addLost(lost - reportedLoss)
            reportedLoss = lost
        }
        return fromRing > 0 || fromPerf > 0
    }

    private func show(_ record: RawSpan, _ received: Int64) {
        let count = record.byteCount
        if rows.count == 1 {
            self.count(record, 0)
            _ = rows[0].printer.write(record: record, received: received)
            return
        }
        // Records of several types are told apart by their size; perf buffers pad records to 8 bytes.
        let exact =
            rows.firstIndex { $0.size == count }
            ?? rows.firstIndex { perf != nil && ($0.size + 11) / 8 * 8 - 4 == count }
        let fitting =
            exact ?? rows.indices.filter { rows[$0].size <= count }.max { rows[$0].size < rows[$1].size } ?? 0
        self.count(record, fitting)
        _ = rows[fitting].printer.write(record: record, received: received)
    }

    /// Counts which conditions a record meets.
    private func count(_ record: RawSpan, _ row: Int) {
        guard conditions.indices.contains(row) else { return }
        for (index, condition) in conditions[row].enumerated() {
            if let condition, condition.matches(record) { matches[index] &+= 1 }
        }
    }
}
