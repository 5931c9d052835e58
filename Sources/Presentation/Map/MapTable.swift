// SPDX-License-Identifier: Apache-2.0

import Bytes
public import Schema

/// How the entries of a map are to be shown.
public struct MapTableOptions: Sendable {
    /// The sort order, such as `count:desc`; `nil`: with ``top`` by the first number of the value, greatest first, else
    /// as the map gives them.
    public var sort: String?
    /// How many entries to show at most.
    public var top: Int?
    /// Whether the values of a per-CPU map are shown one by one and not summed.
    public var showsEachCPU = false

    /// Makes options with the defaults.
    public init() {}
}

/// Shows a map's entries as a table, JSON or CSV: the columns of the key, then those of the value.
///
/// ```swift
/// let table = try MapTable(key: keySchema, value: valueSchema, name: "counts", map: map, options: options, sink: sink)
/// for (key, value) in entries { table.add(key: key, value: value) }
/// table.print(received: now)
/// ```
public final class MapTable {
    /// Key and value as one row; columns, filter and sort order are about its paths, such as `key.pid` and `value`.
    public let schema: RowSchema
    private let key: RowSchema
    private let value: RowSchema
    private let name: String
    private let map: MapTableOptions
    private let options: PresentationOptions
    private let sink: OutputSink
    private let filter: RowFilter?
    private let order: SortOrder?
    private let indices: [Int]
    private var storage: [UInt8] = []
    private var cpus: [Int?] = []
    private var wroteCSVHeader = false
    /// Entries shown, filtered out, and lost since there were more than 2²⁰.
    public private(set) var counters = RowCounters()

    /// Makes a table.
    ///
    /// - Throws: ``PresentationError`` when filter, columns or sort order do not fit the map.
    public init(
        key: RowSchema, value: RowSchema, name: String, map: MapTableOptions = MapTableOptions(),
        options: PresentationOptions, sink: OutputSink
    ) throws(PresentationError) {
        self.key = key
        self.value = value
        self.name = name
        self.map = map
        self.options = options
        self.sink = sink
        schema = RowSchema(key: key, value: value)
        indices = try schema.chosen(options.columns)
        if let expression = options.filter {
            filter = try RowFilter(expression, schema: schema)
        } else {
            filter = nil
        }
        if let sort = map.sort {
            order = try SortOrder(sort, schema: schema)
        } else if map.top != nil {
            let columns = schema.columns
            let numbers = columns.indices.filter { index in
                guard case .integer = columns[index].layout else { return false }
                return columns[index].components.first == "value" && !columns[index].isHidden
            }
            order = SortOrder(first: numbers, schema: schema)
        } else {
            order = nil
        }
    }

    /// Adds an entry.
    public func add(key: RawSpan, value: RawSpan) {
        add(key, value, cpu: nil)
    }

    /// Adds an entry of a per-CPU map: the values of all CPUs, each ``RowSchema/perCPUStride`` bytes from the last.
    public func add(key: RawSpan, perCPU values: RawSpan) {
        guard map.showsEachCPU else {
            return add(key, self.value.summed(perCPU: values).span.bytes, cpu: nil)
        }
        let stride = max(8, self.value.perCPUStride)
        for (cpu, start) in Swift.stride(from: 0, to: values.byteCount, by: stride).enumerated()
        where start <= values.byteCount - self.value.size {
            add(key, values.extracting(start..<start + self.value.size), cpu: cpu)
        }
    }

    private func add(_ key: RawSpan, _ value: RawSpan, cpu: Int?) {
        guard cpus.count < 1 << 20 else {
            counters.lost &+= 1
            return
        }
        let start = storage.count
        append(key, size: self.key.size)
        append(value, size: self.value.size)
        if let filter, !filter.matches(storage.span.bytes.extracting(start..<storage.count)) {
            counters.filtered &+= 1
            storage.removeLast(storage.count - start)
            return
        }
        cpus.append(cpu)
    }

    private func range(of entry: Int) -> Range<Int> {
        entry * schema.size..<(entry + 1) * schema.size
    }

    private func append(_ bytes: RawSpan, size: Int) {
        bytes.withUnsafeBytes { storage.append(contentsOf: $0.prefix(size)) }
        storage.append(contentsOf: repeatElement(0, count: max(0, size - bytes.byteCount)))
    }

    /// Writes the entries that were added since the last time, and forgets them.
    ///
    /// - Parameter received: when they were read, in nanoseconds since 1970.
    public func print(received: Int64) {
        var entries = Array(cpus.indices)
        if let order {
            var keys: [SortOrder.Key] = []
            for entry in entries { keys.append(order.key(of: storage.span.bytes.extracting(range(of: entry)))) }
            // Entries that are equal keep the map's order.
            entries.sort { first, second in
                if keys[first] == keys[second] { return first < second }
                return order.isDescending ? keys[second] < keys[first] : keys[first] < keys[second]
            }
        }
        if let top = map.top { entries = Array(entries.prefix(max(0, top))) }
        switch options.format {
        case .table: printTable(entries, received: received)
        case .json:
            var writer = JSONRowWriter(
                schema: schema, indices: indices, envelope: (key: "map", value: name), options: options)
            for entry in entries {
                writer.write(
                    record: storage.span.bytes.extracting(range(of: entry)), received: received,
                    cpu: cpus[entry], to: &sink.buffer)
                sink.flushIfFull()
            }
        case .csv:
            var options = options
            options.name = name
            options.showsHeader = options.showsHeader && !wroteCSVHeader
            wroteCSVHeader = true
            var writer = CSVRowWriter(schema: schema, indices: indices, options: options, hasCPU: map.showsEachCPU)
            for entry in entries {
                writer.write(
                    record: storage.span.bytes.extracting(range(of: entry)), received: received,
                    cpu: cpus[entry], to: &sink.buffer)
                sink.flushIfFull()
            }
        }
        counters.shown &+= UInt64(entries.count)
        storage.removeAll(keepingCapacity: true)
        cpus.removeAll(keepingCapacity: true)
    }

    private func printTable(_ entries: [Int], received: Int64) {
        if options.showsHeader {
            if options.showsTime {
                var time = TimeWriter(utcOffset: options.clock.utcOffset, isDate: false)
                time.append(received, to: &sink.buffer)
                sink.buffer.append(UInt8(ascii: " "))
            }
            sink.buffer.append(name, escaping: .terminal)
            sink.buffer.append(entries.isEmpty ? ": empty\n" as StaticString : "\n")
        }
        guard !entries.isEmpty else { return }
        var options = options
        options.showsTime = false
        options.name = nil
        var writer = TableRowWriter(schema: schema, indices: indices, options: options, hasCPU: map.showsEachCPU)
        writer.resetWidths()
        var scratch = TextBuffer()
        for entry in entries {
            writer.measure(
                record: storage.span.bytes.extracting(range(of: entry)), received: received, into: &scratch)
        }
        for entry in entries {
            writer.write(
                record: storage.span.bytes.extracting(range(of: entry)), received: received, cpu: cpus[entry],
                to: &sink.buffer)
            sink.flushIfFull()
        }
    }
}
