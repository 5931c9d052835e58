// SPDX-License-Identifier: Apache-2.0

import Bytes

extension RowSchema {
    /// Reads one column; `nil` when the record ends before it.
    public func value(of index: Int, in record: RawSpan) -> Value? {
        guard columns.indices.contains(index) else { return nil }
        return columns.value(of: index, in: record, from: 0)
    }

    /// Reads a column by its path; `nil` when there is none or the record ends before it.
    public func value(of path: String, in record: RawSpan) -> Value? {
        guard let index = try? index(of: path) else { return nil }
        return value(of: index, in: record)
    }

    /// Reads a whole record: a structure with nested structures, or the one value of another type. Padding is left out.
    public func value(in record: RawSpan) -> Value? {
        if !isComposite, !columns.isEmpty {
            return value(of: 0, in: record)
        }
        return .structure(columns.fields(in: record, from: 0, range: 0..<columns.count, depth: 0))
    }

    /// The address family that decides what a 16-byte address column holds: `nil` when there is no such column or it
    /// is neither `AF_INET` (2) nor `AF_INET6` (10).
    @inlinable
    public func isVersion4(_ column: Column, in record: RawSpan) -> Bool? {
        guard let index = column.companion, index < columns.count else { return nil }
        let family = columns[index]
        switch family.layout.integer?.word(in: record, at: family.offset) {
        case 2: return true
        case 10: return false
        default: return nil
        }
    }
}

extension [Column] {
    /// Groups columns by the component at a depth; columns of one structure lie next to each other.
    fileprivate func fields(in record: RawSpan, from base: Int, range: Range<Int>, depth: Int) -> [Value.Field] {
        var fields: [Value.Field] = []
        var index = range.lowerBound
        while index < range.upperBound {
            let column = self[index]
            guard column.components.count > depth else {
                index += 1
                continue
            }
            let name = column.components[depth]
            if column.components.count == depth + 1 {
                if !column.isHidden {
                    fields.append(.init(name: name, value: value(of: index, in: record, from: base)))
                }
                index += 1
                continue
            }
            let prefix = column.components[...depth]
            var end = index + 1
            while end < range.upperBound, self[end].components.count > depth + 1,
                self[end].components[...depth] == prefix
            { end += 1 }
            let inner = self.fields(in: record, from: base, range: index..<end, depth: depth + 1)
            fields.append(.init(name: name, value: .structure(inner)))
            index = end
        }
        return fields
    }

    fileprivate func value(of index: Int, in record: RawSpan, from base: Int) -> Value? {
        let column = self[index]
        let offset = base &+ column.offset
        guard offset >= 0, offset <= record.byteCount else { return nil }
        var limit: Int?
        if let companion = column.companion, companion < count {
            let other = self[companion]
            let word = other.layout.integer?.word(in: record, at: base &+ other.offset)
            if case .bytes(count: 16) = column.layout, column.meaning == .internetAddress {
                return address(in: record, at: offset, count: 16, family: word)
            }
            limit = word.map { Int(clamping: Int64(bitPattern: $0)) }.map { Swift.max(0, $0) }
        }
        if column.meaning == .internetAddress, case .bytes(let count?) = column.layout {
            return address(in: record, at: offset, count: count, family: nil)
        }
        if column.meaning == .arguments, case .text(let count) = column.layout {
            guard let range = Layout.arguments(in: record, at: offset, count: count, limit: limit) else { return nil }
            let bytes = record.bytes(at: range.lowerBound, count: range.count) ?? []
            return .text(String(decoding: bytes.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self))
        }
        return column.layout.value(in: record, at: offset, limit: limit)
    }

    private func address(in record: RawSpan, at offset: Int, count: Int, family: UInt64?) -> Value? {
        InternetAddress.read(
            in: record, at: offset, count: count, isVersion4: family == 2 ? true : family == 10 ? false : nil
        )
        .map { .internetAddress($0) }
    }
}

extension InternetAddress {
    /// Reads an address from 4 or 16 bytes.
    ///
    /// Where nothing says which version 16 bytes hold, 4 bytes that are not all zero before 12 that are can only be
    /// IPv4: an IPv6 address that begins so is in no use.
    @inlinable
    public static func read(in record: RawSpan, at offset: Int, count: Int, isVersion4: Bool?) -> InternetAddress? {
        if count == 4 { return InternetAddress(in: record, at: offset, isVersion4: true) }
        guard count == 16, let address = InternetAddress(in: record, at: offset, isVersion4: false) else { return nil }
        let looksLikeVersion4 = address.bits << 32 == 0 && address.bits != 0
        return isVersion4 ?? looksLikeVersion4 ? InternetAddress(version4: UInt32(address.bits >> 96)) : address
    }
}

extension Layout {
    /// Reads a value; `nil` when the record ends before it.
    ///
    /// - Parameters:
    ///   - record: the record.
    ///   - offset: the bytes before the value.
    ///   - limit: the bytes of text, bytes or an array that count, where another column says so.
    public func value(in record: RawSpan, at offset: Int, limit: Int? = nil) -> Value? {
        switch self {
        case .integer(let layout):
            if layout.width > 64 {
                guard let wide = layout.wide(in: record, at: offset) else { return nil }
                return layout.isSigned ? .wideSigned(Int128(truncatingIfNeeded: wide)) : .wideUnsigned(wide)
            }
            guard let word = layout.word(in: record, at: offset) else { return nil }
            return layout.isSigned ? .signed(Int64(bitPattern: word)) : .unsigned(word)
        case .boolean(let layout):
            return layout.wide(in: record, at: offset).map { .boolean($0 != 0) }
        case .enumeration(let layout, let names):
            guard let word = layout.word(in: record, at: offset) else { return nil }
            let raw = Int64(bitPattern: word)
            return .enumeration(name: names.name(of: raw), raw: raw)
        case .pointer(let layout):
            return layout.word(in: record, at: offset).map { .address($0) }
        case .float(let layout):
            return Self.float(layout, in: record, at: offset).map { .float($0) }
        case .text(let count):
            guard let range = Self.range(in: record, at: offset, count: count, limit: limit) else { return nil }
            // The NUL counts inside the text alone: an array of short texts would search the record once an element.
            let end = record.extracting(range).cStringLength(at: 0) ?? range.count
            return record.string(at: offset, count: end).map { .text($0) }
        case .bytes(let count):
            guard let range = Self.range(in: record, at: offset, count: count, limit: limit) else { return nil }
            return record.bytes(at: offset, count: range.count).map { .bytes($0) }
        case .array(let element, let stride, let count):
            guard stride > 0, let range = Self.range(in: record, at: offset, count: nil, limit: limit) else {
                return nil
            }
            let elements = min(count ?? Int.max, range.count / stride)
            var values: [Value] = []
            values.reserveCapacity(elements)
            for index in 0..<elements {
                guard let value = element.value(in: record, at: offset + index * stride) else { break }
                values.append(value)
            }
            return .array(values)
        case .structure(let columns):
            return .structure(columns.fields(in: record, from: offset, range: 0..<columns.count, depth: 0))
        }
    }

    /// Reads a `float` or a `double`.
    @inlinable
    public static func float(_ layout: IntegerLayout, in record: RawSpan, at offset: Int) -> Double? {
        guard let word = layout.word(in: record, at: offset) else { return nil }
        return layout.size == 4 ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: word))) : Double(bitPattern: word)
    }

    /// The bytes of a command's arguments: up to the limit without the NULs at the end, or where nothing says how long
    /// they are up to two NULs in a row.
    public static func arguments(in record: RawSpan, at offset: Int, count: Int?, limit: Int?) -> Range<Int>? {
        guard let range = range(in: record, at: offset, count: count, limit: limit) else { return nil }
        return record.withUnsafeBytes { bytes in
            var end = range.upperBound
            if limit == nil {
                end = range.lowerBound
                while end < range.upperBound, bytes[end] != 0 || end + 1 < range.upperBound && bytes[end + 1] != 0 {
                    end += 1
                }
            }
            while end > range.lowerBound, bytes[end - 1] == 0 { end -= 1 }
            return range.lowerBound..<end
        }
    }

    /// The bytes of text, bytes or a flexible array that are there and count; `nil` when the record ends before them.
    /// A record may end within them.
    @inlinable
    public static func range(in record: RawSpan, at offset: Int, count: Int?, limit: Int?) -> Range<Int>? {
        guard offset >= 0, offset <= record.byteCount else { return nil }
        let there = record.byteCount - offset
        if let count, count > 0, there == 0 { return nil }
        let wanted = min(count ?? there, limit ?? Int.max, there)
        return offset..<offset + wanted
    }
}
