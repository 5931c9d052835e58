// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics

extension RowSchema {
    /// Makes the bytes of a value from text, as for a map's key: the text of a single column, or `a=1,b.c=2` for a
    /// structure, whose other fields are zero.
    ///
    /// ```swift
    /// let key = try keySchema.bytes(from: "saddr=10.0.0.1,dport=443")
    /// ```
    /// - Throws: ``SchemaError`` when there is no such field, or the text is not a value of its type or does not fit.
    public func bytes(from text: String) throws(SchemaError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        if !isComposite, !columns.isEmpty {
            try store(text, of: 0, into: &bytes)
            return bytes
        }
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else {
                throw SchemaError(
                    .invalidText, "'\(part)' does not say which field of \(typeName) it is",
                    hint: "write FIELD=VALUE, divided by commas")
            }
            try store(String(sides[1]), of: try index(of: String(sides[0])), into: &bytes)
        }
        return bytes
    }

    /// Sets one column from text.
    ///
    /// Numbers may be decimal, `0x`, `0o` or `0b`, negative where the type is; enumerations, signals, errors, system calls
    /// and flags may be given by name, durations with a unit; text is the text itself; IPv4 and IPv6 addresses go into
    /// any field that holds one; bytes are hex; arrays are `1,2,3`, their other elements being zero.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - index: the column's index.
    ///   - bytes: the record, at least ``size`` bytes.
    /// - Throws: ``SchemaError`` when the text is not a value of the type or does not fit. The bytes are then as before.
    public func store(_ text: String, of index: Int, into bytes: inout [UInt8]) throws(SchemaError) {
        guard columns.indices.contains(index) else { throw SchemaError(.unknownField, "there is no column \(index)") }
        let column = columns[index]
        var copy = bytes
        try column.store(text, layout: column.layout, at: column.offset, into: &copy, order: order)
        bytes = copy
    }

    /// Sets the column of a path from text: `store("10", at: "limits.minimum", into: &bytes)`.
    public func store(_ text: String, at path: String, into bytes: inout [UInt8]) throws(SchemaError) {
        try store(text, of: try index(of: path), into: &bytes)
    }
}

extension Column {
    fileprivate func store(
        _ text: String, layout: Layout, at offset: Int, into bytes: inout [UInt8], order: ByteOrder
    ) throws(SchemaError) {
        switch layout {
        case .integer(let integer), .boolean(let integer), .enumeration(let integer, _), .pointer(let integer):
            try store(text, integer, at: offset, into: &bytes)
        case .float(let integer):
            guard let value = Double(text) else { throw invalid(text, "a number") }
            let word = integer.size == 4 ? UInt64(Float(value).bitPattern) : value.bitPattern
            guard integer.store(UInt128(word), into: &bytes, at: offset) else { throw tooShort }
        case .text(let count):
            let content = Array(text.utf8)
            if let count, content.count >= count {
                throw SchemaError(
                    .outOfRange, "'\(path)' takes text of at most \(count - 1) bytes, and this has \(content.count)")
            }
            try replace(count ?? content.count, with: content, at: offset, in: &bytes)
        case .bytes(let count):
            try replace(count ?? 0, with: try octets(text, count: count), at: offset, in: &bytes)
        case .array(let element, let stride, let count):
            let parts = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count <= count ?? 0 else {
                throw SchemaError(
                    .outOfRange, "'\(path)' has \(count ?? 0) elements, and these are \(parts.count)")
            }
            guard let size = layout.size else { throw tooShort }
            try replace(size, with: [], at: offset, in: &bytes)
            for (index, part) in parts.enumerated() {
                try store(String(part), layout: element, at: offset + index * stride, into: &bytes, order: order)
            }
        case .structure:
            throw SchemaError(.unsupportedType, "'\(path)' holds structures, which cannot be set from text")
        }
    }

    private func store(
        _ text: String, _ integer: IntegerLayout, at offset: Int, into bytes: inout [UInt8]
    ) throws(SchemaError) {
        guard let value = number(from: text) else { throw invalid(text, expectation) }
        var range = integer.range
        if case .boolean = layout { range = 0...1 }
        guard range.contains(value) else {
            throw SchemaError(
                .outOfRange, "\(text) does not fit '\(path)'", context: [.init("type", typeName)],
                hint: "the range is \(range.lowerBound) to \(range.upperBound)")
        }
        guard integer.store(UInt128(truncatingIfNeeded: value), into: &bytes, at: offset) else { throw tooShort }
    }

    private func octets(_ text: String, count: Int?) throws(SchemaError) -> [UInt8] {
        if meaning == .internetAddress {
            guard let address = InternetAddress(text) else { throw invalid(text, "an IP address") }
            guard address.isVersion4 || count == 16 else { throw invalid(text, "an IPv4 address") }
            return address.bytes
        }
        if meaning == .hardwareAddress, let address = NumberText.hardwareAddress(text) { return address }
        let hex = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
        if text.contains(",") || hex.utf8.count < 2 {
            var bytes: [UInt8] = []
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let number = NumberText.integer(part), let byte = UInt8(exactly: number) else {
                    throw invalid(text, "bytes divided by commas")
                }
                bytes.append(byte)
            }
            return bytes
        }
        guard let bytes = NumberText.bytes(hex) else { throw invalid(text, "bytes in hex") }
        return bytes
    }

    private func replace(
        _ count: Int, with content: [UInt8], at offset: Int, in bytes: inout [UInt8]
    ) throws(SchemaError) {
        guard content.count <= count else {
            throw SchemaError(.outOfRange, "'\(path)' takes \(count) bytes, and these are \(content.count)")
        }
        guard offset >= 0, count >= 0, bytes.count >= count, offset <= bytes.count - count else { throw tooShort }
        for index in 0..<count { bytes[offset + index] = index < content.count ? content[index] : 0 }
    }

    private var tooShort: SchemaError {
        SchemaError(.tooShort, "the bytes end before '\(path)'")
    }

    private func invalid(_ text: String, _ expectation: String) -> SchemaError {
        SchemaError(
            .invalidText, "'\(text)' is not \(expectation)",
            context: [.init("field", path), .init("type", typeName)])
    }

    /// What texts the column takes, for errors.
    private var expectation: String {
        if case .enumeration(_, let names) = layout {
            return "a number or one of " + names.members.prefix(12).map(\.name).joined(separator: ", ")
        }
        if case .boolean = layout { return "true or false" }
        switch meaning {
        case .duration, .timestamp: return "a number, with or without a unit of time"
        case .signal: return "a number or a signal such as SIGTERM"
        case .result: return "a number or an error such as -ENOENT"
        case .syscall: return "a number or a system call such as openat"
        default: return "a number"
        }
    }
}
