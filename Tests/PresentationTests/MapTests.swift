// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Presentation
import Schema
import Testing

@Suite("Maps and histograms")
struct MapTests {
    private static func table(
        _ map: MapTableOptions, _ entries: [(String, UInt64)], filter: String? = nil
    ) throws -> [String] {
        let types = Types()
        let output = Output()
        let sink = output.sink()
        var options = options(.table)
        options.filter = filter
        let table = try MapTable(
            key: types.schema(types.chars(16), name: "comm"),
            value: types.schema(types.structure("stats", 16, [("count", types.u64, 0), ("total_ns", types.u64, 8)])),
            name: "counts", map: map, options: options, sink: sink)
        for (name, count) in entries {
            table.add(
                key: Record(size: 16).with(name, at: 0).bytes.span.bytes,
                value: Record(size: 16).with(count, at: 0).with(count * 1000, at: 8).bytes.span.bytes)
        }
        table.print(received: 0)
        sink.flush()
        return output.lines
    }

    private static let entries: [(String, UInt64)] = [("cat", 5), ("bash", 50), ("init", 1)]

    @Test("entries line up as a table, in the map's order")
    func plain() throws {
        #expect(
            try Self.table(MapTableOptions(), Self.entries) == [
                "00:00:00.000 counts", "COMM COUNT TOTAL_NS", "cat      5   5.00us", "bash    50   50.0us",
                "init     1   1.00us",
            ])
    }

    @Test("the top entries come greatest first, or as the sort order says")
    func sorting() throws {
        var map = MapTableOptions()
        map.top = 2
        #expect(try Self.table(map, Self.entries).dropFirst(2).map { $0.prefix(4) } == ["bash", "cat "])
        map.sort = "comm"
        #expect(try Self.table(map, Self.entries).dropFirst(2).map { $0.prefix(4) } == ["bash", "cat "])
        map.sort = "count:asc"
        #expect(try Self.table(map, Self.entries).dropFirst(2).map { $0.prefix(4) } == ["init", "cat "])
        map.sort = "nothing"
        #expect(throws: PresentationError.self) { try Self.table(map, []) }
        map.sort = "count:up"
        #expect(throws: PresentationError.self) { try Self.table(map, []) }
    }

    @Test("filters work on keys and values, and an empty map says so")
    func filters() throws {
        #expect(try Self.table(MapTableOptions(), Self.entries, filter: "count>=5 && key.comm!=bash").count == 3)
        #expect(try Self.table(MapTableOptions(), []) == ["00:00:00.000 counts: empty"])
    }

    @Test("values of all CPUs are summed, or shown one by one")
    func perCPU() throws {
        let types = Types()
        let value = try types.schema(
            types.structure(
                "stats", 20, [("count", types.u64, 0), ("comm", types.chars(8), 8), ("hits", types.u32, 16)]))
        #expect(value.perCPUStride == 24)
        let values = Record(size: 48).with(UInt64(3), at: 0).with(UInt32.max, at: 16).with(UInt64(4), at: 24)
            .with("bash", at: 32).with(UInt32(2), at: 40)
        let sum = value.summed(values.bytes)
        #expect(value.value(of: "count", in: sum) == .unsigned(7))
        #expect(value.value(of: "comm", in: sum) == .text("bash"))
        #expect(value.value(of: "hits", in: sum) == .unsigned(1))
        #expect(value.summed([1, 2, 3]) == [UInt8](repeating: 0, count: 20))
    }

    @Test("histograms draw bars up to the last slot that counts")
    func bars() {
        let output = Output()
        let sink = output.sink()
        var options = options(.table)
        options.showsTime = false
        let printer = HistogramPrinter(options: options, sink: sink)
        printer.print(Histogram(counts: [0, 2, 4, 0, 0], unit: "usecs"), name: "runqlat", received: 0)
        sink.flush()
        #expect(
            output.text == """
                runqlat
                     usecs               : count    distribution
                         0 -> 1          : 0        |                                        |
                         2 -> 3          : 2        |********************                    |
                         4 -> 7          : 4        |****************************************|

                """)
    }

    @Test("slots have the bounds of their scale, to the ends of what can be counted")
    func bounds() {
        var counts = [UInt64](repeating: 0, count: 64)
        counts[63] = UInt64.max
        let buckets = Histogram(counts: counts).buckets
        #expect(buckets[0].low == 0 && buckets[0].high == 1 && buckets[10].low == 1024 && buckets[10].high == 2047)
        #expect(buckets[63].low == Int64.max && buckets[63].count == UInt64.max)
        let linear = Histogram(counts: [1, 2], scale: .linear(start: 10, step: 5)).buckets
        #expect(linear.map(\.low) == [10, 15] && linear.map(\.high) == [14, 19])
        #expect(Histogram(counts: []).buckets.isEmpty)
    }

    @Test("arrays of slots are found in a value")
    func slots() throws {
        let types = Types()
        let hist = try types.schema(
            types.structure("hist", 124, [("slots", types.array(types.u32, 27), 0), ("comm", types.chars(16), 108)]))
        let index = try #require(hist.histogramIndex)
        #expect(hist.slots(of: index, in: Record(size: 124).with(UInt32(3), at: 4).bytes)[1] == 3)
        #expect(try types.schema(types.array(types.u64, 64)).histogramIndex == 0)
        #expect(try types.schema(types.array(types.u64, 4)).histogramIndex == nil)
        #expect(try types.openEvent().histogramIndex == nil)
    }
}
