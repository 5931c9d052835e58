// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Presentation
import Schema
import Testing

@Suite("Filters")
struct FilterTests {
    private static func schema() throws -> RowSchema {
        let types = Types()
        return try types.schema(
            types.structure(
                "event", 88,
                [
                    ("comm", types.chars(16), 0), ("ret", types.s32, 16), ("pid", types.u32, 20),
                    ("delta", types.u64, 24), ("saddr", types.array(types.u8, 16), 32), ("family", types.u16, 48),
                    ("sig", types.s32, 52), ("ok", types.bool, 56),
                    ("kind", types.enumeration([("READ", 0), ("WRITE", 1)]), 60), ("load", types.double, 64),
                    ("task", types.structure("task", 8, [("uid", types.u32, 0), ("gid", types.u32, 4)]), 72),
                    ("list", types.array(types.u32, 2), 80),
                ]))
    }

    private static let record = Record(size: 88).with("bash", at: 0).with(Int32(-2), at: 16).with(UInt32(4242), at: 20)
        .with(UInt64(12_000_000), at: 24).with(UInt32(0x0201_000a), at: 32).with(UInt16(2), at: 48)
        .with(UInt32(9), at: 52).with(UInt8(1), at: 56).with(UInt32(1), at: 60).with((1.5).bitPattern, at: 64)
        .with(UInt32(1000), at: 72)

    @Test(
        "expressions that hold",
        arguments: [
            "comm==bash", "comm == 'bash' && ret < 0", "comm=~ba*", "comm=~?ash", "comm~as", "comm!=zsh", "comm<cat",
            "ret==-ENOENT", "ret==-2", "ret!=0", "pid>=4242", "pid==0x1092", "delta>10ms", "delta<=12ms",
            "delta==12000000",
            "delta<0.5s", "saddr==10.0.1.2", "saddr==10.0.0.0/8", "saddr!=192.168.0.0/16", "family==AF_INET",
            "sig==SIGKILL", "ok", "ok==true", "!(ok==false)", "kind==WRITE", "kind==write", "kind!=READ", "load>1.25",
            "task.uid==1000", "uid==1000", "ret<0&&(pid==1||pid==4242)", "pid==1 || pid==2 || comm==bash", "!!ok",
            "pid==1 && pid==2 || ok", "ok && !(pid==1) && comm!='a b'",
        ])
    func holds(expression: String) throws {
        #expect(try RowFilter(expression, schema: Self.schema()).matches(Self.record.bytes))
    }

    @Test(
        "expressions that do not hold",
        arguments: [
            "comm==zsh", "comm=~zs*", "comm=~bas", "comm~x", "ret>=0", "ret==-EPERM", "delta>20ms", "saddr==10.0.1.3",
            "saddr==11.0.0.0/8", "saddr==::1", "family==AF_INET6", "!ok", "kind==READ", "load<1.5", "gid",
            "ok && pid==1 || comm==zsh",
        ])
    func holdsNot(expression: String) throws {
        #expect(try !RowFilter(expression, schema: Self.schema()).matches(Self.record.bytes))
    }

    @Test(
        "errors point at what is wrong",
        arguments: [
            ("", 0), ("comm", 0), ("comm==", 6), ("com==bash", 0), ("comm=bash", 4), ("ret==ENOFILE", 5),
            ("(ok", 3), ("ok)", 2), ("ok ok", 3), ("ok &&", 5), ("&& ok", 0), ("ok & ok", 3), ("comm=='bash", 6),
            ("saddr<10.0.0.1", 5), ("saddr==10.0.0", 7), ("saddr==10.0.0.0/33", 7), ("delta>10parsecs", 6),
            ("kind==MAYBE", 6), ("ret=~1", 3), ("list==1", 4), ("load==fast", 6), ("ok==maybe", 4), ("10==pid", 0),
            ("==", 0), ("pid==(1)", 5),
        ])
    func errors(expression: String, position: Int) throws {
        let schema = try Self.schema()
        let error = #expect(throws: PresentationError.self) { try RowFilter(expression, schema: schema) }
        #expect(error?.position == position)
        #expect(error?.detail?.hasSuffix("^") == true)
    }

    @Test("deep nesting is refused, not a crash")
    func deep() throws {
        let schema = try Self.schema()
        for expression in [String(repeating: "(", count: 100_000), String(repeating: "!", count: 100_000) + "ok"] {
            #expect(throws: PresentationError.self) { try RowFilter(expression, schema: schema) }
        }
        let long = Array(repeating: "ok", count: 100_000).joined(separator: "&&")
        #expect(throws: PresentationError.self) { try RowFilter(long, schema: schema) }
    }

    @Test("what a short record lacks compares false")
    func missing() throws {
        for expression in ["pid==0", "pid!=0", "comm=~*", "saddr==0.0.0.0/0", "load<1"] {
            #expect(try !RowFilter(expression, schema: Self.schema()).matches([UInt8]()))
        }
    }

    @Test("rows that do not match are counted, not shown")
    func counting() throws {
        var options = options(.json)
        options.filter = "ret<0"
        let output = Output()
        let sink = output.sink()
        let printer = try RowPrinter(schema: Types().openEvent(), options: options, sink: sink)
        printer.write(Record.open(ret: 3, fname: "a"))
        printer.write(Record.open(ret: -1, fname: "b"))
        printer.addLost(2)
        sink.flush()
        #expect(output.lines.count == 1)
        #expect(printer.counters == RowCounters(shown: 1, filtered: 1, lost: 2))
    }
}
