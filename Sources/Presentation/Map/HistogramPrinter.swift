// SPDX-License-Identifier: Apache-2.0

public import Schema

/// Draws histograms: bars of stars for people, one JSON object for programs.
public final class HistogramPrinter {
    private let options: PresentationOptions
    private let sink: OutputSink
    private let barWidth: Int
    private var dates = TimeWriter(utcOffset: 0, isDate: true)
    private var times: TimeWriter
    private var wroteCSVHeader = false

    /// Makes a printer.
    public init(options: PresentationOptions, sink: OutputSink) {
        self.options = options
        self.sink = sink
        times = TimeWriter(utcOffset: options.clock.utcOffset, isDate: false)
        barWidth = 40
    }

    /// Writes a histogram.
    ///
    /// - Parameters:
    ///   - histogram: the slots.
    ///   - name: the histogram's name, such as the map's.
    ///   - key: what it is about, such as a map's key: fields and their values.
    ///   - received: when it was read, in nanoseconds since 1970.
    public func print(
        _ histogram: Histogram, name: String, key: (schema: RowSchema, record: [UInt8])? = nil, received: Int64
    ) {
        guard sink.isOpen else { return }
        switch options.format {
        case .table: printBars(histogram, name: name, key: key, received: received)
        case .json: printJSON(histogram, name: name, key: key, received: received)
        case .csv: printCSV(histogram, name: name, key: key, received: received)
        }
        sink.flushIfFull()
    }

    private func printBars(
        _ histogram: Histogram, name: String, key: (schema: RowSchema, record: [UInt8])?, received: Int64
    ) {
        if options.showsHeader {
            if options.showsTime {
                times.append(received, to: &sink.buffer)
                sink.buffer.append(UInt8(ascii: " "))
            }
            sink.buffer.append(name, escaping: .terminal)
            if let key {
                for (title, text) in texts(of: key, .table) {
                    sink.buffer.append(" \(title)=")
                    sink.buffer.append(text)
                }
            }
            sink.buffer.append(UInt8(ascii: "\n"))
        }
        let buckets = histogram.buckets
        guard !buckets.isEmpty else {
            sink.buffer.append("     (no values)\n" as StaticString)
            return
        }
        let most = buckets.map(\.count).max() ?? 1
        let width = max(10, buckets.map { $0.high.description.utf8.count }.max() ?? 0)
        var start = sink.buffer.count
        sink.buffer.append(histogram.unit, escaping: .terminal)
        sink.buffer.pad(from: start, to: width, alignsRight: true)
        sink.buffer.append(0x20, count: width + 4)
        sink.buffer.append(" : count    distribution\n" as StaticString)
        for bucket in buckets {
            start = sink.buffer.count
            sink.buffer.append(decimal: bucket.low)
            sink.buffer.pad(from: start, to: width, alignsRight: true)
            sink.buffer.append(" -> " as StaticString)
            start = sink.buffer.count
            sink.buffer.append(decimal: bucket.high)
            sink.buffer.pad(from: start, to: width, alignsRight: false)
            sink.buffer.append(" : " as StaticString)
            start = sink.buffer.count
            sink.buffer.append(decimal: bucket.count)
            sink.buffer.pad(from: start, to: 8, alignsRight: false)
            let stars = Int(UInt128(bucket.count) * UInt128(barWidth) / UInt128(max(most, 1)))
            sink.buffer.append(" |" as StaticString)
            sink.buffer.append(UInt8(ascii: "*"), count: stars)
            sink.buffer.append(0x20, count: barWidth - stars)
            sink.buffer.append("|\n" as StaticString)
        }
    }

    private func printJSON(
        _ histogram: Histogram, name: String, key: (schema: RowSchema, record: [UInt8])?, received: Int64
    ) {
        sink.buffer.append("{\"timestamp\":\"" as StaticString)
        dates.append(received, to: &sink.buffer)
        sink.buffer.append("\",\"histogram\":\"" as StaticString)
        sink.buffer.append(name, escaping: .json)
        sink.buffer.append(UInt8(ascii: "\""))
        if let key {
            sink.buffer.append(",\"key\":" as StaticString)
            var writer = FieldWriter(
                schema: key.schema, dialect: .json, clock: options.clock, symbols: options.symbols)
            writer.writeAll(of: key.record.span.bytes, to: &sink.buffer)
        }
        sink.buffer.append(",\"unit\":\"" as StaticString)
        sink.buffer.append(histogram.unit, escaping: .json)
        sink.buffer.append("\",\"buckets\":[" as StaticString)
        for (index, bucket) in histogram.buckets.enumerated() {
            if index > 0 { sink.buffer.append(UInt8(ascii: ",")) }
            sink.buffer.append("{\"low\":\(bucket.low),\"high\":\(bucket.high),\"count\":\(bucket.count)}")
        }
        sink.buffer.append("]}\n" as StaticString)
    }

    private func printCSV(
        _ histogram: Histogram, name: String, key: (schema: RowSchema, record: [UInt8])?, received: Int64
    ) {
        if !wroteCSVHeader, options.showsHeader {
            sink.buffer.append("timestamp,histogram,key,unit,low,high,count\r\n" as StaticString)
        }
        wroteCSVHeader = true
        let title = key.map { key in
            texts(of: key, .csv).map { "\($0.title)=\($0.text)" }.joined(separator: " ")
        }
        for bucket in histogram.buckets {
            dates.append(received, to: &sink.buffer)
            for text in [name, title ?? "", histogram.unit] {
                sink.buffer.append(UInt8(ascii: ","))
                let start = sink.buffer.count
                sink.buffer.append(text)
                CSVRowWriter.quote(from: start, in: &sink.buffer)
            }
            sink.buffer.append(",\(bucket.low),\(bucket.high),\(bucket.count)\r\n")
        }
    }

    private func texts(
        of key: (schema: RowSchema, record: [UInt8]), _ dialect: Dialect
    ) -> [(title: String, text: String)] {
        var writer = FieldWriter(schema: key.schema, dialect: dialect, clock: options.clock, symbols: options.symbols)
        var scratch = TextBuffer()
        return key.schema.columns.indices.filter { !key.schema.columns[$0].isHidden }.map { index in
            scratch.removeAll()
            writer.write(index, of: key.record.span.bytes, to: &scratch)
            return (key.schema.label(of: index), scratch.text)
        }
    }
}

extension FieldWriter {
    /// Writes all columns: an object, or the value alone where the type is no structure.
    mutating func writeAll(of record: RawSpan, to buffer: inout TextBuffer) {
        if !schema.isComposite, !schema.columns.isEmpty {
            return write(0, of: record, to: &buffer)
        }
        var path = ObjectPath()
        buffer.append(UInt8(ascii: "{"))
        for index in schema.columns.indices where !schema.columns[index].isHidden {
            path.move(to: schema.columns[index].components, in: &buffer, isJSON: dialect == .json)
            write(index, of: record, to: &buffer)
        }
        path.close(in: &buffer)
        buffer.append(UInt8(ascii: "}"))
    }
}

extension RowSchema {
    /// The column that holds a histogram's slots: one of that meaning, or the value itself when it is an array of at
    /// least 16 integers.
    public var histogramIndex: Int? {
        for (index, column) in columns.enumerated() {
            guard case .array(.integer, _, let count) = column.layout else { continue }
            if column.meaning == .histogram { return index }
            if !isComposite, count ?? 0 >= 16 { return index }
        }
        return nil
    }

    /// The slots of a histogram's column; empty when the column holds no integers.
    public func slots(of index: Int, in record: RawSpan) -> [UInt64] {
        guard columns.indices.contains(index), case .array(let values)? = value(of: index, in: record) else {
            return []
        }
        return values.map { UInt64(clamping: $0.integer ?? 0) }
    }
}
