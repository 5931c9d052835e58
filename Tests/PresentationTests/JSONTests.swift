// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Presentation
import Schema
import Testing

@Suite("JSON and CSV")
struct JSONTests {
    /// The lines of the examples in `docs/json.md`.
    private static func examples() throws -> [String] {
        var path = Array("\(#filePath)".split(separator: "/").dropLast(3))
        path += ["docs", "json.md"]
        let text = try TextFile.read("/" + path.joined(separator: "/"))
        return text.split(separator: "\n").filter { $0.hasPrefix("{\"") }.map(String.init)
    }

    @Test("rows are as documented: own time, escaped text, source names")
    func row() throws {
        var options = options(.json)
        options.clock.monotonicOffset = 1_767_323_045_678_901_234 - 1_000_678_901_234
        let record = Record.open(ret: -2, fname: "/etc/\"x\"\n", ts: 1_000_678_901_234)
        let text = try Output.rows(Types().openEvent(), options, [record], received: 1_767_323_046_000_000_000)
        #expect(try text == Self.examples()[0] + "\n")
    }

    @Test("nested structures are objects, and streams have their name")
    func nesting() throws {
        let types = Types()
        let task = types.structure("task", 20, [("pid", types.s32, 0), ("comm", types.chars(16), 4)])
        let address = types.union(16, [("saddr_v4", types.u32), ("saddr_v6", types.array(types.u8, 16))])
        let schema = try types.schema(
            types.structure(
                "event", 40,
                [
                    ("task", task, 0), ("", address, 20), ("dport", types.typedef("__be16", types.u16), 36),
                    ("family", types.u16, 38),
                ]))
        var options = options(.json)
        options.name = "connects"
        let record = Record(size: 40).with(Int32(7), at: 0).with("curl", at: 4).with(UInt32(0x0100_000a), at: 20)
            .with(UInt16(443).bigEndian, at: 36).with(UInt16(2), at: 38)
        #expect(try Output.rows(schema, options, [record], received: 1_000_000_000) == Self.examples()[1] + "\n")
    }

    @Test("values take the documented forms")
    func values() throws {
        let types = Types()
        let schema = try types.schema(
            types.structure(
                "event", 72,
                [
                    ("kind", types.enumeration([("READ", 0), ("WRITE", 1)]), 0),
                    ("flags", types.enumeration([("F_A", 1), ("F_B", 2), ("F_C", 4)]), 4), ("ok", types.bool, 8),
                    ("load", types.double, 16), ("raw", types.array(types.u8, 3), 24),
                    ("argv", types.array(types.chars(4), 2), 28), ("sk", types.pointer, 40), ("sig", types.s32, 48),
                    ("syscall", types.s32, 52), ("newstate", types.s32, 56), ("delta_us", types.u64, 64),
                ]), meanings: ["newstate": .tcpState])
        let record = Record(size: 72).with(UInt32(1), at: 0).with(UInt32(5), at: 4).with(UInt8(1), at: 8)
            .with((1.5).bitPattern, at: 16).with(UInt32(0x10ff00), at: 24).with("ls", at: 28).with("-l", at: 32)
            .with(UInt64(0xffff_8881_03a8_4000), at: 40).with(UInt32(9), at: 48)
            .with(UInt32(truncatingIfNeeded: NameTable.syscalls.value(of: "openat") ?? 0), at: 52)
            .with(UInt32(1), at: 56).with(UInt64(1500), at: 64)
        #expect(try Output.rows(schema, options(.json), [record], received: 1_000_000_000) == Self.examples()[2] + "\n")
    }

    @Test("printed lines, map entries and histograms are as documented")
    func others() throws {
        let examples = try Self.examples()
        let output = Output()
        let sink = output.sink()
        MessagePrinter(name: "printk", options: options(.json), sink: sink).write("hello", received: 1_000_000_000)
        for (name, bytes, isText) in [
            ("tasks", Array("4242 bash\n".utf8), true), ("records", [1, 0, 0, 0, 2, 0, 0, 0], false),
        ] {
            let printer = WrittenTextPrinter(name: name, isText: isText, options: options(.json), sink: sink)
            bytes.withUnsafeBytes { printer.write($0, received: 1_000_000_000) }
            printer.end(received: 1_000_000_000)
        }

        let types = Types()
        let key = try types.schema(types.structure("key", 20, [("pid", types.u32, 0), ("comm", types.chars(16), 4)]))
        let counts = try MapTable(
            key: key, value: types.schema(types.u64), name: "counts", options: options(.json), sink: sink)
        counts.add(
            key: Record(size: 20).with(UInt32(7), at: 0).with("curl", at: 4).bytes.span.bytes,
            value: Record(size: 8).with(UInt64(12), at: 0).bytes.span.bytes)
        counts.print(received: 1_000_000_000)

        let stats = try types.schema(types.structure("stats", 16, [("count", types.u64, 0), ("bytes", types.u64, 8)]))
        var each = MapTableOptions()
        each.showsEachCPU = true
        let packets = try MapTable(
            key: types.schema(types.u32, name: "key"), value: stats, name: "packets", map: each,
            options: options(.json), sink: sink)
        let values = Record(size: 32).with(UInt64(3), at: 16).with(UInt64(180), at: 24)
        packets.add(key: [0, 0, 0, 0].span.bytes, perCPU: values.bytes.span.bytes)
        packets.print(received: 1_000_000_000)

        let pid = try types.schema(types.structure("key", 4, [("pid", types.u32, 0)]))
        HistogramPrinter(options: options(.json), sink: sink).print(
            Histogram(counts: [2, 5, 0], unit: "usecs"), name: "runqlat", key: (pid, [7, 0, 0, 0]),
            received: 1_000_000_000)
        sink.flush()
        #expect(output.lines == [examples[3]] + examples[4...6] + [output.lines[4]] + examples[7...8])
        #expect(output.lines[4].contains("\"cpu\":0"))
    }

    @Test("our keys make way for the event's own")
    func reservedNames() throws {
        let types = Types()
        let schema = try types.schema(
            types.structure("event", 16, [("timestamp", types.u64, 0), ("stream", types.u32, 8)]))
        var options = options(.json)
        options.name = "a"
        let text = try Output.rows(schema, options, [Record(size: 16)])
        #expect(
            text == #"{"_timestamp":"1970-01-01T00:00:00.000000000Z","_stream":"a","timestamp":0,"stream":0}"# + "\n")
    }

    @Test("whatever bytes come, each line is valid UTF-8 and its strings are closed")
    func hostileText() throws {
        let schema = try Types().openEvent()
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let record = Record.open(fname: "")
            var bytes = record.bytes
            for index in 16..<64 { bytes[index] = UInt8.random(in: 1...255, using: &generator) }
            let output = Output()
            let sink = output.sink()
            let printer = try RowPrinter(schema: schema, options: options(.json), sink: sink)
            printer.write(record: bytes.span.bytes, received: 0)
            sink.flush()
            #expect(JSONCheck.isObject(output.text.dropLast()))
            #expect(!output.text.dropLast().contains { $0.isASCII && ($0.asciiValue ?? 32) < 32 })
        }
    }

    @Test("records of any length give a row, with null for what is missing")
    func shortRecords() throws {
        let schema = try Types().openEvent()
        for count in 0..<64 {
            for format in StreamFormat.allCases {
                let output = Output()
                let sink = output.sink()
                let printer = try RowPrinter(schema: schema, options: options(format), sink: sink)
                printer.write(record: [UInt8](repeating: 0x41, count: count).span.bytes, received: 0)
                sink.flush()
                if format == .json {
                    #expect(JSONCheck.isObject(output.text.dropLast()))
                    #expect(output.text.contains("\"fname\":null") == (count <= 32))
                }
            }
        }
    }

    @Test("the words of a command's arguments are divided by spaces, as far as their length says")
    func arguments() throws {
        let types = Types()
        let schema = try types.schema(
            types.structure("event", 20, [("args_size", types.u32, 0), ("args", types.chars(16), 4)]))
        let record = Record(size: 20).with(UInt32(6), at: 0).with("ls\0-l\0junk", at: 4)
        #expect(try Output.rows(schema, options(.json), [record]).hasSuffix(#""args":"ls -l"}"# + "\n"))
        #expect(try RowFilter("args=='ls -l'", schema: schema).matches(record.bytes))
        let plain = try types.schema(types.structure("event", 16, [("args", types.chars(16), 0)]))
        let other = Record(size: 16).with("a\0b\0\0junk", at: 0)
        #expect(try Output.rows(plain, options(.json), [other]).hasSuffix(#""args":"a b"}"# + "\n"))
        #expect(plain.value(of: "args", in: other.bytes) == .text("a b"))
    }

    @Test("CSV quotes what it must and begins with a header")
    func csv() throws {
        let records = [
            Record.open(ret: -2, comm: "a,b", fname: "say \"hi\""), Record.open(comm: "plain", fname: "/x"),
        ]
        let text = try Output.rows(Types().openEvent(), options(.csv), records)
        #expect(
            text == "timestamp,ts,pid,ret,comm,fname\r\n"
                + "1970-01-01T00:00:00.000000000Z,0,4242,-2,\"a,b\",\"say \"\"hi\"\"\"\r\n"
                + "1970-01-01T00:00:00.000000000Z,0,4242,3,plain,/x\r\n")
    }

    @Test("columns can be chosen; in JSON they keep the order of the source")
    func columns() throws {
        var options = options(.json)
        options.columns = ["fname", "pid"]
        let text = try Output.rows(Types().openEvent(), options, [Record.open(fname: "/x")])
        #expect(text == #"{"timestamp":"1970-01-01T00:00:00.000000000Z","pid":4242,"fname":"/x"}"# + "\n")
        options.columns = ["fnam"]
        let error = #expect(throws: PresentationError.self) { try Output.rows(Types().openEvent(), options, []) }
        #expect(error?.hint == "did you mean 'fname'?")
    }
}
