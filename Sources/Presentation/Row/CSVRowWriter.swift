// SPDX-License-Identifier: Apache-2.0

import Schema

/// Writes rows as CSV (RFC 4180): a header line, lines ended by CR LF, fields quoted where they must be.
struct CSVRowWriter {
    private var values: FieldWriter
    private var time = TimeWriter(utcOffset: 0, isDate: true)
    private let rowTime: RowTime
    private let indices: [Int]
    private let name: String?
    private let header: [String]
    private var wroteHeader = false

    init(schema: RowSchema, indices: [Int], options: PresentationOptions, hasCPU: Bool = false) {
        values = FieldWriter(schema: schema, dialect: .csv, clock: options.clock, symbols: options.symbols)
        rowTime = RowTime(schema: schema, clock: options.clock)
        self.indices = indices
        name = options.name
        let taken = Set(schema.columns.compactMap(\.components.first))
        var header = [JSONRowWriter.free("timestamp", taken)]
        if options.name != nil { header.append(JSONRowWriter.free("stream", taken)) }
        if hasCPU { header.append(JSONRowWriter.free("cpu", taken)) }
        self.header = header + indices.map { schema.columns[$0].path }
        wroteHeader = !options.showsHeader
    }

    mutating func write(record: RawSpan, received: Int64, cpu: Int? = nil, to buffer: inout TextBuffer) {
        if !wroteHeader {
            wroteHeader = true
            for (index, title) in header.enumerated() {
                if index > 0 { buffer.append(UInt8(ascii: ",")) }
                let start = buffer.count
                buffer.append(title)
                Self.quote(from: start, in: &buffer)
            }
            buffer.append("\r\n" as StaticString)
        }
        time.append(rowTime.nanoseconds(of: record, received: received), to: &buffer)
        if let name {
            buffer.append(UInt8(ascii: ","))
            let start = buffer.count
            buffer.append(name)
            Self.quote(from: start, in: &buffer)
        }
        if let cpu {
            buffer.append(UInt8(ascii: ","))
            buffer.append(decimal: Int64(cpu))
        }
        for index in indices {
            buffer.append(UInt8(ascii: ","))
            let start = buffer.count
            values.write(index, of: record, to: &buffer)
            Self.quote(from: start, in: &buffer)
        }
        buffer.append("\r\n" as StaticString)
    }

    /// Puts what was written since `start` in quotes when it holds a comma, a quote, a line end, or spaces at an end.
    static func quote(from start: Int, in buffer: inout TextBuffer) {
        guard start < buffer.count else { return }
        var mustQuote = buffer[start] == 0x20 || buffer[buffer.count - 1] == 0x20
        for index in start..<buffer.count where !mustQuote {
            let byte = buffer[index]
            mustQuote = byte == 0x2c || byte == 0x22 || byte == 0x0a || byte == 0x0d
        }
        guard mustQuote else { return }
        let field = Array(buffer.bytes[start...])
        buffer.truncate(to: start)
        buffer.append(UInt8(ascii: "\""))
        for byte in field {
            if byte == 0x22 { buffer.append(byte) }
            buffer.append(byte)
        }
        buffer.append(UInt8(ascii: "\""))
    }
}
