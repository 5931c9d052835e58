// SPDX-License-Identifier: Apache-2.0

public import Schema

/// Shows a stream's records as they come: filters them, chooses columns, and writes each as a row.
///
/// ```swift
/// var options = PresentationOptions()
/// options.format = .json
/// options.filter = "comm==bash && ret<0"
/// let printer = try RowPrinter(schema: schema, options: options, sink: sink)
/// printer.write(record: record, received: now)
/// ```
public final class RowPrinter {
    // One of the three is there; separate, so that each is changed in place.
    private var table: TableRowWriter?
    private var json: JSONRowWriter?
    private var csv: CSVRowWriter?
    private let filter: RowFilter?
    private let sink: OutputSink
    /// What became of the rows so far.
    public private(set) var counters = RowCounters()

    /// Makes a printer.
    ///
    /// - Throws: ``PresentationError`` when the filter or the choice of columns does not fit the schema.
    public init(schema: RowSchema, options: PresentationOptions, sink: OutputSink) throws(PresentationError) {
        self.sink = sink
        if let expression = options.filter {
            filter = try RowFilter(expression, schema: schema)
        } else {
            filter = nil
        }
        let indices = try schema.chosen(options.columns)
        switch options.format {
        case .table: table = TableRowWriter(schema: schema, indices: indices, options: options)
        case .csv: csv = CSVRowWriter(schema: schema, indices: indices, options: options)
        case .json:
            let envelope = options.name.map { (key: "stream", value: $0) }
            json = JSONRowWriter(schema: schema, indices: indices, envelope: envelope, options: options)
        }
    }

    /// Writes a record unless the filter leaves it out.
    ///
    /// - Parameters:
    ///   - record: the record; one that is shorter than its type has missing values.
    ///   - received: when it arrived, in nanoseconds since 1970: the row's time when it has none of its own.
    /// - Returns: whether it was shown.
    @discardableResult
    public func write(record: RawSpan, received: Int64) -> Bool {
        if let filter, !filter.matches(record) {
            counters.filtered &+= 1
            return false
        }
        guard sink.isOpen else {
            counters.unwritten &+= 1
            return false
        }
        counters.shown &+= 1
        json?.write(record: record, received: received, to: &sink.buffer)
        table?.write(record: record, received: received, to: &sink.buffer)
        csv?.write(record: record, received: received, to: &sink.buffer)
        sink.flushIfFull()
        return true
    }

    /// Counts events that never arrived.
    public func addLost(_ count: UInt64) {
        counters.lost &+= count
    }
}
