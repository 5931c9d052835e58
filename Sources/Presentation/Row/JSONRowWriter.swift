// SPDX-License-Identifier: Apache-2.0

import Bytes
import Schema

/// Writes rows as JSON objects, one a line.
struct JSONRowWriter {
    /// How one field is written: the common kinds without looking at layouts.
    private enum Kind: UInt8 {
        case unsigned8, unsigned16, unsigned32, unsigned64, signed8, signed16, signed32, signed64, text, other
    }

    private struct Field {
        var kind: Kind
        var index: Int
        var offset: Int
        /// For text, its greatest length.
        var count: Int
        /// Where the bytes before the value lie in `literals`: closing and opening braces, comma and key.
        var literal: Range<Int>
    }

    private var values: FieldWriter
    private var time = TimeWriter(utcOffset: 0, isDate: true)
    private let rowTime: RowTime
    private let fields: [Field]
    private let literals: [UInt8]
    private let start: [UInt8]
    private let middle: [UInt8]
    private let end: [UInt8]
    private let order: ByteOrder

    /// - Parameters:
    ///   - indices: the columns to write; their order is that of the schema, so that each structure is one object.
    ///   - envelope: a key and a value that every object has, such as `stream` and its name.
    init(
        schema: RowSchema, indices: [Int], envelope: (key: String, value: String)?, options: PresentationOptions
    ) {
        values = FieldWriter(schema: schema, dialect: .json, clock: options.clock, symbols: options.symbols)
        rowTime = RowTime(schema: schema, clock: options.clock)
        order = schema.order
        let names = Set(schema.columns.compactMap(\.components.first))
        var buffer = TextBuffer()
        buffer.append("{\"\(Self.free("timestamp", names))\":\"")
        start = Array(buffer.bytes)
        buffer.removeAll()
        buffer.append(UInt8(ascii: "\""))
        if let envelope {
            buffer.append(",\"\(Self.free(envelope.key, names))\":\"")
            buffer.append(envelope.value, escaping: .json)
            buffer.append(UInt8(ascii: "\""))
        }
        middle = Array(buffer.bytes)
        buffer.removeAll()
        var path = ObjectPath(continues: true)
        var fields: [Field] = []
        for index in Set(indices).sorted() {
            let column = schema.columns[index]
            let before = buffer.count
            path.move(to: column.components, in: &buffer, isJSON: true)
            let (kind, count) = Self.kind(of: column, order: schema.order)
            fields.append(
                Field(kind: kind, index: index, offset: column.offset, count: count, literal: before..<buffer.count))
        }
        literals = Array(buffer.bytes)
        buffer.removeAll()
        path.close(in: &buffer)
        buffer.append("}\n" as StaticString)
        end = Array(buffer.bytes)
        self.fields = fields
    }

    /// A key of ours, with an underscore before it when the row has a field of that name.
    static func free(_ key: String, _ names: Set<String>) -> String {
        names.contains(key) ? free("_" + key, names) : key
    }

    private static func kind(of column: Column, order: ByteOrder) -> (Kind, Int) {
        switch column.layout {
        case .text(let count?) where column.companion == nil && column.meaning != .arguments: return (.text, count)
        case .integer(let layout) where layout.bitCount == 0 && layout.order == order && layout.size <= 8:
            switch column.meaning {
            case .plain, .port, .duration, .timestamp, .result, .processID, .threadID, .userID, .groupID, .cpu,
                .controlGroup, .mode, .hexadecimal, .histogram:
                break
            default: return (.other, 0)
            }
            switch (layout.size, layout.isSigned) {
            case (1, false): return (.unsigned8, 0)
            case (2, false): return (.unsigned16, 0)
            case (4, false): return (.unsigned32, 0)
            case (8, false): return (.unsigned64, 0)
            case (1, true): return (.signed8, 0)
            case (2, true): return (.signed16, 0)
            case (4, true): return (.signed32, 0)
            case (8, true): return (.signed64, 0)
            default: return (.other, 0)
            }
        default: return (.other, 0)
        }
    }

    /// Writes a row.
    ///
    /// - Parameters:
    ///   - received: when it arrived, in nanoseconds since 1970.
    ///   - cpu: the CPU that it is about, where rows differ in that.
    mutating func write(record: RawSpan, received: Int64, cpu: Int? = nil, to buffer: inout TextBuffer) {
        buffer.append(start)
        time.append(rowTime.nanoseconds(of: record, received: received), to: &buffer)
        buffer.append(middle)
        if let cpu {
            buffer.append(",\"cpu\":" as StaticString)
            buffer.append(decimal: Int64(cpu))
        }
        for field in fields {
            literals.withUnsafeBufferPointer { buffer.append(UnsafeBufferPointer(rebasing: $0[field.literal])) }
            switch field.kind {
            case .unsigned8: unsigned(record.integer(at: field.offset, as: UInt8.self, order: order), &buffer)
            case .unsigned16: unsigned(record.integer(at: field.offset, as: UInt16.self, order: order), &buffer)
            case .unsigned32: unsigned(record.integer(at: field.offset, as: UInt32.self, order: order), &buffer)
            case .unsigned64: unsigned(record.integer(at: field.offset, as: UInt64.self, order: order), &buffer)
            case .signed8: signed(record.integer(at: field.offset, as: Int8.self, order: order), &buffer)
            case .signed16: signed(record.integer(at: field.offset, as: Int16.self, order: order), &buffer)
            case .signed32: signed(record.integer(at: field.offset, as: Int32.self, order: order), &buffer)
            case .signed64: signed(record.integer(at: field.offset, as: Int64.self, order: order), &buffer)
            case .text: text(record, field, &buffer)
            case .other: values.write(field.index, of: record, to: &buffer)
            }
        }
        buffer.append(end)
    }

    @inline(__always)
    private func unsigned<T: UnsignedInteger>(_ value: T?, _ buffer: inout TextBuffer) {
        guard let value else { return values.missing(&buffer) }
        buffer.append(decimal: UInt64(truncatingIfNeeded: value))
    }

    @inline(__always)
    private func signed<T: SignedInteger>(_ value: T?, _ buffer: inout TextBuffer) {
        guard let value else { return values.missing(&buffer) }
        buffer.append(decimal: Int64(truncatingIfNeeded: value))
    }

    private func text(_ record: RawSpan, _ field: Field, _ buffer: inout TextBuffer) {
        guard field.offset >= 0, field.offset < record.byteCount else { return values.missing(&buffer) }
        let most = min(field.count, record.byteCount - field.offset)
        buffer.append(UInt8(ascii: "\""))
        record.withUnsafeBytes { raw in
            let bytes = UnsafeBufferPointer(
                rebasing: raw.bindMemory(to: UInt8.self)[field.offset..<field.offset + most])
            var end = 0
            while end < most, bytes[end] != 0 { end &+= 1 }
            buffer.append(UnsafeBufferPointer(rebasing: bytes[..<end]), escaping: .json)
        }
        buffer.append(UInt8(ascii: "\""))
    }
}
