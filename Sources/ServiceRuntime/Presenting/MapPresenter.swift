// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import BTF
import Bytes
import Linux
import Presentation
import Schema

/// Shows a map: a table of its entries, histograms where the values are slots, folded stacks where it counts stacks.
final class MapPresenter {
    let map: UntypedMap
    private let form: Form
    private let prefixes: PrefixKeys?
    private let output: ServiceOutput

    /// Whether the end of a run shows the map even when it was shown at intervals.
    var showsAtEnd: Bool {
        if case .stacks = form { return true }
        return false
    }

    private enum Form {
        case table(MapTable)
        case histogramPerEntry(key: RowSchema, value: RowSchema, column: Int, HistogramPrinter)
        case histogramOfEntries(value: RowSchema, HistogramPrinter)
        case stacks(RowSchema, StackSymbols)
    }

    init(_ map: UntypedMap, spec: ObjectSpec, run: RunOptions, output: ServiceOutput, symbols: StackSymbols) throws {
        self.map = map
        self.output = output
        guard let types = spec.types else {
            throw ServiceError(.failed, "the map \(map.name) has no types, so its entries cannot be shown")
        }
        prefixes = PrefixKeys(of: map)
        let key = try prefixes?.schema ?? Self.schema(map.keyType, size: map.keySize, types, name: "key")
        let value = try Self.schema(map.valueType, size: map.valueSize, types, name: "value")
        var options = output.options
        options.name = run.maps.count == 1 ? nil : map.name
        options.symbols = symbols
        if let column = value.histogramIndex {
            form = .histogramPerEntry(
                key: key, value: value, column: column, HistogramPrinter(options: options, sink: output.sink))
        } else if map.kind == .array || map.kind == .perCPUArray, map.maximumEntries >= 8,
            ["hist", "slots", "dist"].contains(where: { map.name.contains($0) }), value.columns.count == 1
        {
            form = .histogramOfEntries(value: value, HistogramPrinter(options: options, sink: output.sink))
        } else if Self.countsStacks(key) || Self.countsStacks(value), run.format == .table {
            form = .stacks(RowSchema(key: key, value: value), symbols)
        } else {
            options.filter = run.filter
            options.columns = run.columns ?? []
            var table = MapTableOptions()
            table.sort = run.sort
            // The largest counts first, unless the caller wants another order; arrays have an order of their own.
            table.top = run.top ?? (map.kind == .array || map.kind == .perCPUArray ? nil : 1 << 20)
            form = .table(
                try MapTable(key: key, value: value, name: map.name, map: table, options: options, sink: output.sink))
        }
    }

    private static func schema(_ type: BTFTypeID, size: Int, _ types: BTFTable, name: String) throws -> RowSchema {
        guard type != .void else {
            // Definitions of before BTF tell sizes alone; what has the size of a number nearly always is one.
            let number = (types.firstTypeID.rawValue..<UInt32(clamping: types.typeCount)).map { BTFTypeID($0) }.first {
                id in
                guard case .integer(let integer)? = try? types.type(id) else { return false }
                return Int(integer.size) == size && size >= 4 && !integer.encoding.contains(.signed)
            }
            if let number { return try RowSchema(table: types, type: number, name: name) }
            return RowSchema(opaque: size, name: name)
        }
        return try RowSchema(table: types, type: type, name: name)
    }

    private static func countsStacks(_ schema: RowSchema) -> Bool {
        schema.firstIndex { meaning in
            switch meaning {
            case .stackID, .stack: true
            default: false
            }
        } != nil
    }

    /// What a histogram counts: microseconds, unless a variable or the name says otherwise.
    static func unit(of name: String, _ spec: ObjectSpec) -> String {
        func isSet(_ variable: String) -> Bool? {
            (try? spec.bytes(ofVariable: variable)).map { $0.contains { $0 != 0 } }
        }
        for variable in ["milliseconds", "targ_ms", "targ_milliseconds", "in_ms"] {
            if let isMilliseconds = isSet(variable) { return isMilliseconds ? "msecs" : "usecs" }
        }
        for (suffix, unit) in [("_ns", "nsecs"), ("_us", "usecs"), ("_ms", "msecs"), ("_bytes", "bytes")]
        where name.hasSuffix(suffix) {
            return unit
        }
        return "value"
    }

    /// Looks at the processes whose stacks are counted while they live; does nothing for other maps.
    func observe(_ symbols: SymbolLookup) {
        guard case .stacks(let schema, _) = form, let column = schema.firstIndex(where: { $0 == .processID }) else {
            return
        }
        for entry in (try? map.entries()) ?? [] {
            let row = OwnedBytes(entry.key + (entry.values.first ?? []))
            if let process = schema.value(of: column, in: row.span)?.integer, let number = Int32(exactly: process) {
                symbols.remember(number)
            }
        }
    }

    /// Whether ``observe(_:)`` does anything.
    var observesProcesses: Bool {
        if case .stacks = form { return true }
        return false
    }

    /// Shows what the map holds now.
    func show(spec: ObjectSpec) throws {
        let received = Int64(clamping: Clock.real())
        var entries = try map.entries()
        if let prefixes {
            for index in entries.indices { entries[index].key = prefixes.text(of: entries[index].key) }
        }
        switch form {
        case .table(let table):
            for entry in entries {
                // The table wants a per-CPU value as the kernel lays it out.
                var values: [UInt8] = []
                for value in entry.values {
                    values += value
                    if map.kind.isPerCPU { values += [UInt8](repeating: 0, count: map.valueStride - value.count) }
                }
                let (key, value) = (OwnedBytes(entry.key), OwnedBytes(values))
                if map.kind.isPerCPU {
                    table.add(key: key.span, perCPU: value.span)
                } else if !(map.kind == .array && values.allSatisfy { $0 == 0 }) {
                    table.add(key: key.span, value: value.span)
                }
            }
            table.print(received: received)
        case .histogramPerEntry(let key, let value, let column, let printer):
            for entry in entries {
                let slots = sum(
                    entry.values.map { bytes in
                        let owned = OwnedBytes(bytes)
                        return value.slots(of: column, in: owned.span)
                    })
                guard slots.contains(where: { $0 != 0 }) else { continue }
                let isOnlyEntry = map.maximumEntries == 1
                printer.print(
                    Histogram(counts: slots, unit: Self.unit(of: map.name, spec)), name: map.name,
                    key: isOnlyEntry ? nil : (key, entry.key), received: received)
            }
        case .histogramOfEntries(let value, let printer):
            let counts = entries.map { entry in
                sum(
                    entry.values.map { bytes in
                        let owned = OwnedBytes(bytes)
                        return [UInt64(clamping: value.value(of: 0, in: owned.span)?.integer ?? 0)]
                    }
                ).first ?? 0
            }
            printer.print(
                Histogram(counts: counts, unit: Self.unit(of: map.name, spec)), name: map.name, received: received)
        case .stacks(let schema, let symbols):
            let stacks = try FoldedStacks(schema: schema, symbols: symbols)
            for entry in entries {
                let row = OwnedBytes(entry.key + (entry.values.first ?? []))
                stacks.add(record: row.span)
            }
            stacks.print(to: output.sink)
        }
        output.sink.wakeUpEnded()
    }

    private func sum(_ perCPU: [[UInt64]]) -> [UInt64] {
        var total = [UInt64](repeating: 0, count: perCPU.map(\.count).max() ?? 0)
        for values in perCPU {
            for (index, value) in values.enumerated() { total[index] &+= value }
        }
        return total
    }
}
