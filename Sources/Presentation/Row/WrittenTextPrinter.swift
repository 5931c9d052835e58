// SPDX-License-Identifier: Apache-2.0

/// Shows what a program writes by itself, as text or as records of its own, in pieces as they come.
///
/// As a table it is handed on as it is, save that on a terminal what could do harm there is escaped. In JSON and CSV each line
/// of text is a message of the stream, in the form of ``MessagePrinter``; records are hex digits in pieces.
public final class WrittenTextPrinter {
    private let sink: OutputSink
    private let options: PresentationOptions
    private let isText: Bool
    private let messages: MessagePrinter
    private var partial: [UInt8] = []
    private var limit: Int
    /// The lines so far, or the pieces.
    public private(set) var counters = RowCounters()

    /// A line is cut here rather than kept for ever, and bytes are divided into pieces of this size.
    private static let pieceSize = 4096

    /// Makes a printer.
    ///
    /// - Parameters:
    ///   - name: the stream's name in JSON and CSV.
    ///   - isText: whether lines mean something.
    ///   - limit: the most lines or pieces that are shown.
    public init(name: String, isText: Bool, options: PresentationOptions, sink: OutputSink, limit: Int = Int.max) {
        self.isText = isText
        self.options = options
        self.sink = sink
        self.limit = limit
        messages = MessagePrinter(name: name, options: options, sink: sink)
    }

    /// Whether more would be shown.
    public var isOpen: Bool { sink.isOpen && counters.shown < limit }

    /// Shows a piece.
    ///
    /// - Parameter received: when it arrived, in nanoseconds since 1970.
    public func write(_ bytes: UnsafeRawBufferPointer, received: Int64) {
        guard isOpen, !bytes.isEmpty else { return }
        if options.format == .table, options.width == nil || !isText { return writePlain(bytes) }
        if !isText { return writePieces(bytes, received: received) }
        var rest = bytes[...]
        while isOpen, let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            partial += rest[..<end]
            rest = rest[(end + 1)...]
            writeLine(received: received)
        }
        guard isOpen else { return }
        partial += rest
        while isOpen, partial.count >= Self.pieceSize {
            let kept = Array(partial[Self.pieceSize...])
            partial.removeSubrange(Self.pieceSize...)
            writeLine(received: received)
            partial = kept
        }
    }

    /// Shows the last line when it has no end of its own.
    public func end(received: Int64) {
        guard isOpen, !partial.isEmpty else { return }
        writeLine(received: received)
    }

    private func writePlain(_ bytes: UnsafeRawBufferPointer) {
        guard isText else { return sink.write(bytes: bytes) }
        var end = bytes.startIndex
        while isOpen, let line = bytes[end...].firstIndex(of: UInt8(ascii: "\n")) {
            end = line + 1
            counters.shown &+= 1
        }
        if isOpen { end = bytes.endIndex }
        sink.write(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<end]))
    }

    private func writePieces(_ bytes: UnsafeRawBufferPointer, received: Int64) {
        var rest = bytes[...]
        while isOpen, !rest.isEmpty {
            var text = ""
            for byte in rest.prefix(Self.pieceSize) {
                text += Self.digits[Int(byte >> 4)] + Self.digits[Int(byte & 15)]
            }
            rest = rest.dropFirst(Self.pieceSize)
            counters.shown &+= 1
            messages.write(text, received: received, key: "bytes")
        }
    }

    private static let digits = "0123456789abcdef".map(String.init)

    private func writeLine(received: Int64) {
        defer { partial.removeAll(keepingCapacity: true) }
        counters.shown &+= 1
        guard options.format == .table else {
            return messages.write(String(decoding: partial, as: UTF8.self), received: received)
        }
        // Tabs align columns and do no harm.
        for (index, field) in partial.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            .enumerated()
        {
            if index > 0 { sink.buffer.append(UInt8(ascii: "\t")) }
            field.withUnsafeBufferPointer { sink.buffer.append($0, escaping: .terminal) }
        }
        sink.buffer.append(UInt8(ascii: "\n"))
        sink.flushIfFull()
    }
}
