// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Presentation
import Schema
import Testing

@Suite("Tables")
struct TableTests {
    @Test("columns line up, time comes first, errors have names, the longest text comes last")
    func stream() throws {
        var options = options(.table)
        options.clock.utcOffset = 3600
        let records = [
            Record.open(ret: -2, fname: "/etc/missing"), Record.open(pid: 1, comm: "systemd", fname: "/proc/1"),
        ]
        let text = try Output.rows(Types().openEvent(), options, records, received: 45_296_789_000_000)
        #expect(
            text == """
                TIME             PID        RET COMM             FNAME
                13:34:56.789    4242 -ENOENT(2) bash             /etc/missing
                13:34:56.789       1          3 systemd          /proc/1

                """)
    }

    @Test("a field called time that holds no time of day is how long something took")
    func durationCalledTime() throws {
        let types = Types()
        let schema = try types.schema(types.structure("done", 16, [("time", types.u64, 0), ("pid", types.u32, 8)]))
        let now: Int64 = 1_800_000_000_000_000_000
        let short = Record(size: 16).with(UInt64(1_500), at: 0).with(UInt32(7), at: 8)
        let text = try Output.rows(schema, options(.table), [short], received: now)
        #expect(text.split(separator: "\n").first?.contains("PID") == true)
        #expect(text.contains("1.5us") || text.contains("1.50us"), "\(text)")
        var sameClock = options(.table)
        sameClock.clock.monotonicOffset = now - 1_500
        #expect(!(try Output.rows(schema, sameClock, [short], received: now)).contains("us"))
    }

    @Test("control characters and broken text cannot reach the terminal")
    func escapes() throws {
        var bytes = Record.open(fname: "a\u{1b}[31m\n\u{202e}é").bytes
        bytes[50] = 0xff
        let output = Output()
        let sink = output.sink()
        let printer = try RowPrinter(schema: Types().openEvent(), options: options(.table), sink: sink)
        printer.write(record: bytes.span.bytes, received: 0)
        sink.flush()
        #expect(output.lines[1].hasSuffix(#"a\x1b[31m\n\u{202e}é"#))
    }

    @Test("units, octal modes, flags and addresses are written for people")
    func meanings() throws {
        let types = Types()
        let schema = try types.schema(
            types.structure(
                "open_event", 64,
                [
                    ("delta_us", types.u64, 0), ("latency", types.u64, 8), ("mode", types.u32, 16),
                    ("flags", types.u32, 20), ("saddr", types.u32, 24), ("dev", types.u32, 28),
                    ("mac", types.array(types.u8, 6), 32), ("skaddr", types.u64, 40), ("sig", types.u32, 48),
                ]))
        let record = Record(size: 64).with(UInt64(1_234_567), at: 0).with(UInt64(950), at: 8)
            .with(UInt32(0o644), at: 16).with(UInt32(0o2000001), at: 20).with(UInt32(0x0100_000a), at: 24)
            .with(UInt32(8 << 20 | 1), at: 28).with(UInt32(0x01005e02), at: 32).with(UInt64(0xffff_8000), at: 40)
            .with(UInt32(15), at: 48)
        var options = options(.table)
        options.showsTime = false
        options.showsHeader = false
        let words = try Output.rows(schema, options, [record]).split(whereSeparator: { $0 == " " || $0 == "\n" })
        #expect(
            words == [
                "1.23s", "950ns", "0644", "O_WRONLY|O_CLOEXEC", "10.0.0.1", "8:1", "02:5e:00:01:00:00", "0xffff8000",
                "SIGTERM",
            ])
    }

    @Test(
        "durations take the unit that suits them",
        arguments: [
            (0, "0ns"), (999, "999ns"), (1_000, "1.00us"), (12_345, "12.3us"), (999_999, "999us"),
            (1_500_000, "1.50ms"), (59_990_000_000, "59.9s"), (123_000_000_000, "2m03s"),
            (3_720_000_000_000, "1h02m"), (90_000_000_000_000, "1d01h"), (-5_000, "-5.00us"),
        ])
    func durations(nanoseconds: Int64, text: String) throws {
        let types = Types()
        let schema = try types.schema(types.integer("long", 8, signed: true), name: "delta")
        var options = options(.table)
        options.showsTime = false
        options.showsHeader = false
        let shown = try Output.rows(schema, options, [Record(size: 8).with(nanoseconds, at: 0)])
        #expect(shown.split(whereSeparator: { $0 == " " || $0 == "\n" }) == [Substring(text)])
    }

    @Test("widths grow with what is shown, within the terminal")
    func widths() throws {
        let types = Types()
        let schema = try types.schema(
            types.structure("event", 24, [("comm", types.chars(16), 0), ("n", types.u64, 16)]))
        var options = options(.table)
        options.showsTime = false
        options.showsHeader = false
        options.width = 80
        let wide = Record(size: 24).with("a", at: 0).with(UInt64.max, at: 16)
        let narrow = Record(size: 24).with("b", at: 0).with(UInt64(1), at: 16)
        let lines = try Output.rows(schema, options, [narrow, wide, narrow]).split(separator: "\n")
        #expect(lines.map(\.count) == [25, 37, 37])
    }

    @Test("mixed streams each have their header once, and a column with their name")
    func mixed() throws {
        let output = Output()
        let sink = output.sink()
        let schema = try Types().openEvent()
        var first = options(.table)
        first.name = "opens"
        var second = first
        second.name = "closes"
        let printers = try [
            RowPrinter(schema: schema, options: first, sink: sink),
            RowPrinter(schema: schema, options: second, sink: sink),
        ]
        for index in [0, 1, 0, 1] { printers[index].write(Record.open(fname: "/x")) }
        sink.flush()
        #expect(output.lines.filter { $0.hasPrefix("TIME") }.count == 2)
        #expect(output.lines.count == 6)
        #expect(output.lines[5].contains("closes"))
    }

    @Test("colour is used only when asked for")
    func colour() throws {
        var options = options(.table)
        let schema = try Types().openEvent()
        #expect(try !Output.rows(schema, options, [Record.open(fname: "x")]).contains("\u{1b}"))
        options.usesColor = true
        #expect(try Output.rows(schema, options, [Record.open(fname: "x")]).hasPrefix("\u{1b}[1mTIME"))
    }

    @Test("stacks stand below their row, with names from the caller")
    func stacks() throws {
        let types = Types()
        let schema = try types.schema(
            types.structure("event", 40, [("pid", types.u32, 0), ("kstack", types.array(types.u64, 4), 8)]))
        var options = options(.table)
        options.showsTime = false
        options.symbols = StackSymbols { address, space, pid in
            address == 1 ? "schedule(\(space), \(pid ?? 0))" : nil
        }
        let record = Record(size: 40).with(UInt32(7), at: 0).with(UInt64(1), at: 8).with(UInt64(0xff), at: 16)
        #expect(try Output.rows(schema, options, [record]).hasSuffix("7\n    schedule(kernel, 7)\n    0xff\n"))
        options.format = .json
        #expect(
            try Output.rows(schema, options, [record]).hasSuffix(#""kstack":["schedule(kernel, 7)","0xff"]}"# + "\n"))
    }

    @Test("stacks fold into one line each, outermost frame first")
    func folded() throws {
        let types = Types()
        let schema = try types.schema(
            types.structure(
                "event", 80,
                [
                    ("comm", types.chars(16), 0), ("kstack", types.array(types.u64, 4), 16),
                    ("ustack", types.array(types.u64, 4), 48),
                ]))
        let output = Output()
        let sink = output.sink()
        let stacks = try FoldedStacks(schema: schema, symbols: StackSymbols { address, _, _ in "f\(address)" })
        let record = Record(size: 80).with("a;b", at: 0).with(UInt64(1), at: 16).with(UInt64(2), at: 24)
            .with(UInt64(3), at: 48).with(UInt64(4), at: 56)
        stacks.add(record: record.bytes.span.bytes)
        stacks.add(record: record.bytes.span.bytes)
        stacks.print(to: sink)
        sink.flush()
        #expect(output.text == "a:b;f4;f3;f2;f1 2\n")
        #expect(throws: PresentationError.self) {
            try FoldedStacks(schema: Types().openEvent(), symbols: StackSymbols { _, _, _ in nil })
        }
    }

    @Test("a reader that goes away ends output quietly; a failure is kept")
    func closedPipe() throws {
        struct Full: Error {}
        var outcome = WriteOutcome.closed
        let sink = OutputSink(isInteractive: true) { _ in outcome }
        let printer = try RowPrinter(schema: Types().openEvent(), options: options(.table), sink: sink)
        #expect(printer.write(Record.open(fname: "x")))
        sink.wakeUpEnded()
        #expect(!sink.isOpen)
        #expect(sink.failure == nil)
        #expect(!printer.write(Record.open(fname: "x")))
        outcome = .failed(Full())
        let other = OutputSink { _ in outcome }
        other.write(line: "x")
        other.flush()
        #expect(other.failure is Full)
    }

    @Test("the summary says what was shown, filtered and lost")
    func summary() {
        #expect(RowCounters(shown: 1).summary == "1 row")
        #expect(RowCounters(shown: 12, filtered: 3, lost: 1).summary == "12 rows, 3 filtered out, 1 lost")
    }
}
