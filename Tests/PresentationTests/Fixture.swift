// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Presentation
import Schema

/// Builds types for tests.
final class Types {
    private var builder = BTFBuilder(order: .little)

    func integer(_ name: String, _ size: UInt32, signed: Bool = false) -> BTFTypeID {
        builder.add(.integer(BTFInteger(name: name, size: size, encoding: signed ? .signed : [])))
    }

    var u8: BTFTypeID { integer("unsigned char", 1) }
    var u16: BTFTypeID { integer("unsigned short", 2) }
    var u32: BTFTypeID { integer("unsigned int", 4) }
    var s32: BTFTypeID { integer("int", 4, signed: true) }
    var u64: BTFTypeID { integer("unsigned long long", 8) }
    var bool: BTFTypeID { builder.add(.integer(BTFInteger(name: "_Bool", size: 1, encoding: .boolean))) }
    var double: BTFTypeID { builder.add(.float(BTFFloat(name: "double", size: 8))) }
    var pointer: BTFTypeID { builder.add(.pointer(.void)) }

    func chars(_ count: UInt32) -> BTFTypeID { array(integer("char", 1, signed: true), count) }

    func array(_ element: BTFTypeID, _ count: UInt32) -> BTFTypeID {
        builder.add(.array(BTFArray(element: element, index: element, count: count)))
    }

    func typedef(_ name: String, _ type: BTFTypeID) -> BTFTypeID {
        builder.add(.typedef(BTFNamedReference(name: name, type: type)))
    }

    func enumeration(_ values: [(String, Int64)]) -> BTFTypeID {
        builder.add(
            .enumeration(BTFEnumeration(name: "", values: values.map { BTFEnumerator(name: $0.0, value: $0.1) })))
    }

    /// Members at byte offsets.
    func structure(_ name: String, _ size: UInt32, _ members: [(String, BTFTypeID, UInt32)]) -> BTFTypeID {
        builder.add(.structure(composite(name, size, members)))
    }

    func union(_ size: UInt32, _ members: [(String, BTFTypeID)]) -> BTFTypeID {
        builder.add(.union(composite("", size, members.map { ($0.0, $0.1, 0) })))
    }

    private func composite(_ name: String, _ size: UInt32, _ members: [(String, BTFTypeID, UInt32)]) -> BTFComposite {
        BTFComposite(
            name: name, size: size, members: members.map { BTFMember(name: $0.0, type: $0.1, bitOffset: $0.2 * 8) })
    }

    func schema(_ type: BTFTypeID, name: String = "value", meanings: [String: Meaning] = [:]) throws -> RowSchema {
        try RowSchema(table: BTFTable(OwnedBytes(builder.encode())), type: type, name: name, meanings: meanings)
    }

    /// The event of a tool that watches files being opened.
    func openEvent() throws -> RowSchema {
        try schema(
            structure(
                "event", 64,
                [("ts", u64, 0), ("pid", s32, 8), ("ret", s32, 12), ("comm", chars(16), 16), ("fname", chars(32), 32)]))
    }
}

/// Records written field by field.
struct Record {
    var bytes: [UInt8] = []

    init(size: Int) { bytes = [UInt8](repeating: 0, count: size) }

    func with<T: FixedWidthInteger>(_ value: T, at offset: Int) -> Record {
        var copy = self
        copy.bytes.store(value, at: offset, order: .little)
        return copy
    }

    func with(_ text: String, at offset: Int) -> Record {
        var copy = self
        for (index, byte) in text.utf8.enumerated() { copy.bytes[offset + index] = byte }
        return copy
    }

    static func open(pid: Int32 = 4242, ret: Int32 = 3, comm: String = "bash", fname: String, ts: UInt64 = 0) -> Record
    {
        Record(size: 64).with(ts, at: 0).with(pid, at: 8).with(ret, at: 12).with(comm, at: 16).with(fname, at: 32)
    }
}

/// Gathers output.
final class Output {
    private(set) var text = ""
    private(set) var writes = 0

    func sink(isInteractive: Bool = false) -> OutputSink {
        OutputSink(isInteractive: isInteractive) { bytes in
            self.text += String(decoding: bytes, as: UTF8.self)
            self.writes += 1
            return .written
        }
    }

    var lines: [String] { text.split(separator: "\n").map(String.init) }

    /// Prints rows and answers all that was written.
    static func rows(_ schema: RowSchema, _ options: PresentationOptions, _ records: [Record], received: Int64 = 0)
        throws -> String
    {
        let output = Output()
        let sink = output.sink()
        let printer = try RowPrinter(schema: schema, options: options, sink: sink)
        for record in records { printer.write(record: record.bytes.span.bytes, received: received) }
        sink.flush()
        return output.text
    }
}

func options(_ format: StreamFormat) -> PresentationOptions {
    var options = PresentationOptions()
    options.format = format
    return options
}

// The checks of the test library take values that may escape, which a span is not.
extension RowFilter {
    func matches(_ bytes: [UInt8]) -> Bool { matches(bytes.span.bytes) }
}

extension RowSchema {
    func summed(_ bytes: [UInt8]) -> [UInt8] { summed(perCPU: bytes.span.bytes) }
    func value(of path: String, in bytes: [UInt8]) -> Value? { value(of: path, in: bytes.span.bytes) }
    func slots(of index: Int, in bytes: [UInt8]) -> [UInt64] { slots(of: index, in: bytes.span.bytes) }
}

extension RowPrinter {
    @discardableResult
    func write(_ record: Record) -> Bool { write(record: record.bytes.span.bytes, received: 0) }
}
