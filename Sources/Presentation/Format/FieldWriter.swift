// SPDX-License-Identifier: Apache-2.0

import Schema

/// Whom values are written for.
enum Dialect {
    /// A person: units, names, escapes for the terminal.
    case table
    /// A program that reads JSON.
    case json
    /// A program that reads CSV: as JSON, without its quotes.
    case csv
}

/// Writes single values of a record.
struct FieldWriter {
    let schema: RowSchema
    let dialect: Dialect
    let symbols: StackSymbols?
    private let clock: WallClock
    private var time: TimeWriter
    /// The column of the process that a user stack belongs to.
    private let processIndex: Int?
    /// A column by its index that takes the place of the schema's.
    var replacement: (index: Int, column: Column)?

    init(schema: RowSchema, dialect: Dialect, clock: WallClock, symbols: StackSymbols?) {
        self.schema = schema
        self.dialect = dialect
        self.symbols = symbols
        self.clock = clock
        time = TimeWriter(utcOffset: clock.utcOffset, isDate: false)
        processIndex = schema.firstIndex { $0 == .processID }
    }

    /// Writes a column's value; what is missing is `-`, `null` or nothing.
    mutating func write(_ index: Int, of record: RawSpan, to buffer: inout TextBuffer) {
        let column = replacement.flatMap { $0.index == index ? $0.column : nil } ?? schema.columns[index]
        write(column, among: schema.columns, of: record, from: 0, to: &buffer)
    }

    private mutating func write(
        _ column: Column, among columns: [Column], of record: RawSpan, from base: Int, to buffer: inout TextBuffer
    ) {
        let offset = base &+ column.offset
        guard offset >= 0, offset <= record.byteCount else { return missing(&buffer) }
        var companion: UInt64?
        if let index = column.companion, index < columns.count {
            companion = columns[index].layout.integer?.word(in: record, at: base &+ columns[index].offset)
        }
        switch (column.meaning, column.layout) {
        case (.internetAddress, .bytes(let count?)):
            let isVersion4: Bool? = companion == 2 ? true : companion == 10 ? false : nil
            guard let address = InternetAddress.read(in: record, at: offset, count: count, isVersion4: isVersion4)
            else { return missing(&buffer) }
            quote(&buffer)
            append(address, to: &buffer)
            quote(&buffer)
        case (.stack(let space), .array):
            let frames = addresses(column.layout, in: record, at: offset, limit: companion)
            write(frames, space, of: record, to: &buffer)
        case (.stackID(let space), .integer(let layout)):
            guard let word = layout.word(in: record, at: offset) else { return missing(&buffer) }
            guard let symbols else { return append(word, layout, to: &buffer) }
            let frames = symbols.frames(layout.signed(word), space) ?? []
            write(frames, space, of: record, to: &buffer)
        default:
            let limit = companion.map { Int(clamping: $0) }
            write(column.layout, column.meaning, of: record, at: offset, limit: limit, to: &buffer)
        }
    }

    /// The addresses of a stack column's frames, innermost first.
    func frames(_ index: Int, of record: RawSpan) -> (addresses: [UInt64], space: StackSpace)? {
        let column = schema.columns[index]
        switch (column.meaning, column.layout) {
        case (.stack(let space), .array):
            let size = column.companion.map { schema.columns[$0] }
            let limit = size.flatMap { $0.layout.integer?.word(in: record, at: $0.offset) }
            return (addresses(column.layout, in: record, at: column.offset, limit: limit), space)
        case (.stackID(let space), .integer(let layout)):
            guard let symbols, let word = layout.word(in: record, at: column.offset) else { return nil }
            return (symbols.frames(layout.signed(word), space) ?? [], space)
        default: return nil
        }
    }

    /// The process that a record is about, where a column says so.
    func processID(of record: RawSpan) -> UInt32? {
        guard let processIndex else { return nil }
        let column = schema.columns[processIndex]
        return column.layout.integer?.word(in: record, at: column.offset).map { UInt32(truncatingIfNeeded: $0) }
    }

    private func addresses(_ layout: Layout, in record: RawSpan, at offset: Int, limit: UInt64?) -> [UInt64] {
        guard case .array(.integer(let element), let stride, let count) = layout, stride > 0 else { return [] }
        let bytes = min(limit.map { Int(clamping: $0) } ?? Int.max, max(0, record.byteCount - offset))
        var result: [UInt64] = []
        for index in 0..<min(count ?? Int.max, bytes / stride) {
            guard let address = element.word(in: record, at: offset + index * stride), address != 0 else { break }
            result.append(address)
        }
        return result
    }

    private mutating func write(
        _ addresses: [UInt64], _ space: StackSpace, of record: RawSpan, to buffer: inout TextBuffer
    ) {
        let names =
            symbols?.names(addresses, space, processID: processID(of: record))
            ?? addresses.map { "0x" + String($0, radix: 16) }
        list(names.count, to: &buffer) { writer, index, buffer in
            writer.append(names[index], to: &buffer)
        }
    }

    private mutating func write(
        _ layout: Layout, _ meaning: Meaning, of record: RawSpan, at offset: Int, limit: Int?,
        to buffer: inout TextBuffer
    ) {
        switch layout {
        case .integer(let integer):
            guard integer.width <= 64 else {
                guard let wide = integer.wide(in: record, at: offset) else { return missing(&buffer) }
                let text = integer.isSigned ? Int128(truncatingIfNeeded: wide).description : wide.description
                return buffer.append(text)
            }
            guard let word = integer.word(in: record, at: offset) else { return missing(&buffer) }
            append(word, integer, meaning, to: &buffer)
        case .boolean(let integer):
            guard let bits = integer.wide(in: record, at: offset) else { return missing(&buffer) }
            buffer.append(bits == 0 ? "false" as StaticString : "true")
        case .enumeration(let integer, let names):
            guard let word = integer.word(in: record, at: offset) else { return missing(&buffer) }
            guard let name = names.name(of: Int64(bitPattern: word)) else {
                return append(word, integer, to: &buffer)
            }
            append(name, to: &buffer)
        case .pointer(let integer):
            guard let word = integer.word(in: record, at: offset) else { return missing(&buffer) }
            append(word, integer, meaning == .plain ? .address : meaning, to: &buffer)
        case .float(let integer):
            guard let value = Layout.float(integer, in: record, at: offset) else { return missing(&buffer) }
            if dialect == .json, !value.isFinite { return buffer.append("null" as StaticString) }
            buffer.append(integer.size == 4 ? Float(value).description : value.description)
        case .text(let count) where meaning == .arguments:
            guard let range = Layout.arguments(in: record, at: offset, count: count, limit: limit) else {
                return missing(&buffer)
            }
            quote(&buffer)
            let bytes = record.withUnsafeBytes { raw in raw[range].map { $0 == 0 ? 0x20 : $0 } }
            bytes.withUnsafeBufferPointer { buffer.append($0, escaping: escaping) }
            quote(&buffer)
        case .text(let count):
            guard let range = Layout.range(in: record, at: offset, count: count, limit: limit) else {
                return missing(&buffer)
            }
            text(of: record, in: range, stopsAtZero: true, to: &buffer)
        case .bytes(let count):
            guard let range = Layout.range(in: record, at: offset, count: count, limit: limit) else {
                return missing(&buffer)
            }
            bytes(of: record, in: range, meaning, to: &buffer)
        case .array(let element, let stride, let count):
            guard let range = Layout.range(in: record, at: offset, count: nil, limit: limit), stride > 0 else {
                return missing(&buffer)
            }
            let elements = min(count ?? Int.max, range.count / stride)
            if buffer.isOverfull(dialect) { return missing(&buffer) }
            open("[", &buffer)
            for index in 0..<elements {
                if index > 0 { separate(element, &buffer) }
                write(element, meaning, of: record, at: offset + index * stride, limit: nil, to: &buffer)
            }
            open("]", &buffer)
        case .structure(let columns):
            structure(columns, of: record, from: offset, to: &buffer)
        }
    }

    /// An object of an array's element; what a table shows is the same without quotes.
    private mutating func structure(
        _ columns: [Column], of record: RawSpan, from base: Int, to buffer: inout TextBuffer
    ) {
        var path = ObjectPath()
        buffer.append(UInt8(ascii: "{"))
        for column in columns where !column.isHidden {
            path.move(to: column.components, in: &buffer, isJSON: dialect == .json)
            write(column, among: columns, of: record, from: base, to: &buffer)
        }
        path.close(in: &buffer)
        buffer.append(UInt8(ascii: "}"))
    }

    // MARK: Scalars

    func missing(_ buffer: inout TextBuffer) {
        switch dialect {
        case .table: buffer.append(UInt8(ascii: "-"))
        case .json: buffer.append("null" as StaticString)
        case .csv: break
        }
    }

    private func append(_ word: UInt64, _ layout: IntegerLayout, to buffer: inout TextBuffer) {
        if layout.isSigned {
            buffer.append(decimal: Int64(bitPattern: word))
        } else {
            buffer.append(decimal: word)
        }
    }

    private mutating func append(
        _ word: UInt64, _ layout: IntegerLayout, _ meaning: Meaning, to buffer: inout TextBuffer
    ) {
        let signed = layout.signed(word)
        switch meaning {
        case .result:
            append(word, layout, to: &buffer, asErrorNumber: dialect == .table)
        case .openFlags:
            append(openFlags: layout.unsigned(word), to: &buffer)
        case .address:
            quote(&buffer)
            buffer.append("0x" as StaticString)
            buffer.append(hex: layout.unsigned(word))
            quote(&buffer)
        case .device:
            quote(&buffer)
            buffer.append(decimal: layout.unsigned(word) >> 20)
            buffer.append(UInt8(ascii: ":"))
            buffer.append(decimal: word & 0xf_ffff)
            quote(&buffer)
        case .hexadecimal where dialect == .table:
            buffer.append("0x" as StaticString)
            buffer.append(hex: layout.unsigned(word))
        case .mode where dialect == .table: buffer.append(octal: layout.unsigned(word))
        case .duration(let unit) where dialect == .table:
            let value = layout.isSigned ? Int128(signed) : Int128(word)
            buffer.append(duration: value * Int128(unit.nanoseconds))
        case .timestamp(let unit) where dialect == .table:
            let value = Int128(word) * Int128(unit.nanoseconds)
            guard word != 0, let wall = clock.realtime(ofMonotonic: value) else {
                return append(word, layout, to: &buffer)
            }
            time.append(wall, to: &buffer)
        default:
            guard let name = meaning.names?.name(of: signed) else { return append(word, layout, to: &buffer) }
            append(name, to: &buffer)
        }
    }

    private func append(openFlags flags: UInt64, to buffer: inout TextBuffer) {
        quote(&buffer)
        var isFirst = true
        let rest = OpenFlags.forEachName(of: flags) { name in
            if !isFirst { buffer.append(UInt8(ascii: "|")) }
            isFirst = false
            buffer.append(name)
        }
        if rest != 0 {
            buffer.append("|0x" as StaticString)
            buffer.append(hex: rest)
        }
        quote(&buffer)
    }

    /// `-ENOENT(2)` where a result is a known error.
    private func append(
        _ word: UInt64, _ layout: IntegerLayout, to buffer: inout TextBuffer, asErrorNumber: Bool
    ) {
        let value = layout.signed(word)
        guard asErrorNumber, value < 0, value >= -4095, let name = NameTable.errorNumbers.name(of: -value) else {
            return append(word, layout, to: &buffer)
        }
        buffer.append(UInt8(ascii: "-"))
        buffer.append(name)
        buffer.append(UInt8(ascii: "("))
        buffer.append(decimal: value.magnitude)
        buffer.append(UInt8(ascii: ")"))
    }

    private func append(_ text: String, to buffer: inout TextBuffer) {
        quote(&buffer)
        buffer.append(text, escaping: escaping)
        quote(&buffer)
    }

    private func append(_ address: InternetAddress, to buffer: inout TextBuffer) {
        guard address.isVersion4 else { return buffer.append(address.description) }
        for shift in stride(from: 24, through: 0, by: -8) {
            buffer.append(decimal: UInt64(truncatingIfNeeded: address.bits >> UInt128(shift)) & 255)
            if shift > 0 { buffer.append(UInt8(ascii: ".")) }
        }
    }

    private var escaping: Escaping {
        switch dialect {
        case .table: .terminal
        case .json: .json
        case .csv: .none
        }
    }

    func quote(_ buffer: inout TextBuffer) {
        if dialect == .json { buffer.append(UInt8(ascii: "\"")) }
    }

    private func text(of record: RawSpan, in range: Range<Int>, stopsAtZero: Bool, to buffer: inout TextBuffer) {
        quote(&buffer)
        record.withUnsafeBytes { raw in
            let bytes = raw.bindMemory(to: UInt8.self)
            var end = range.lowerBound
            while end < range.upperBound, !stopsAtZero || bytes[end] != 0 { end &+= 1 }
            buffer.append(UnsafeBufferPointer(rebasing: bytes[range.lowerBound..<end]), escaping: escaping)
        }
        quote(&buffer)
    }

    private func bytes(of record: RawSpan, in range: Range<Int>, _ meaning: Meaning, to buffer: inout TextBuffer) {
        if dialect == .table, meaning == .payload, isMostlyText(record, range) {
            return text(of: record, in: range, stopsAtZero: false, to: &buffer)
        }
        quote(&buffer)
        record.withUnsafeBytes { raw in
            for index in range {
                if meaning == .hardwareAddress, index > range.lowerBound { buffer.append(UInt8(ascii: ":")) }
                buffer.append(hexByte: raw[index])
            }
        }
        quote(&buffer)
    }

    /// Whether at least nine of ten bytes are printable.
    private func isMostlyText(_ record: RawSpan, _ range: Range<Int>) -> Bool {
        record.withUnsafeBytes { raw in
            var printable = 0
            for byte in raw[range] where byte >= 0x20 && byte < 0x7f || byte == 9 || byte == 10 || byte == 13 {
                printable += 1
            }
            return !range.isEmpty && printable * 10 >= range.count * 9
        }
    }

    // MARK: Lists

    private mutating func list(
        _ count: Int, to buffer: inout TextBuffer, _ element: (inout FieldWriter, Int, inout TextBuffer) -> Void
    ) {
        open("[", &buffer)
        for index in 0..<count {
            if index > 0 { buffer.append(dialect == .json ? UInt8(ascii: ",") : UInt8(ascii: " ")) }
            element(&self, index, &buffer)
        }
        open("]", &buffer)
    }

    private func open(_ bracket: StaticString, _ buffer: inout TextBuffer) {
        if dialect == .json { buffer.append(bracket) }
    }

    /// Numbers are divided by commas, and text by spaces as on a command line.
    private func separate(_ element: Layout, _ buffer: inout TextBuffer) {
        if case .text = element, dialect != .json { return buffer.append(UInt8(ascii: " ")) }
        buffer.append(UInt8(ascii: ","))
    }
}

extension TextBuffer {
    /// Whether a row has grown beyond any use; arrays of a hostile type then stop.
    fileprivate func isOverfull(_ dialect: Dialect) -> Bool { count > 64 * 1024 * 1024 }
}

extension IntegerLayout {
    /// The value as a signed number; an unsigned one of 32 bits and less keeps its value.
    func signed(_ word: UInt64) -> Int64 { Int64(bitPattern: word) }

    /// The bits of the value without those of its sign's extension.
    func unsigned(_ word: UInt64) -> UInt64 {
        width >= 64 ? word : word & ((1 << UInt64(width)) - 1)
    }
}
