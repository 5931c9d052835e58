// SPDX-License-Identifier: Apache-2.0

/// Shows lines of text that a program prints (`bpf_printk`) among the rows of its streams.
///
/// In JSON a line is an object with `timestamp`, `stream` and `message`; in tables and CSV it follows the time.
public final class MessagePrinter {
    private let sink: OutputSink
    private let options: PresentationOptions
    private let name: String
    private var time: TimeWriter
    private var hasHeader = false
    /// The lines so far.
    public private(set) var counters = RowCounters()

    /// Makes a printer.
    ///
    /// - Parameter name: the stream's name, such as `printk`.
    public init(name: String, options: PresentationOptions, sink: OutputSink) {
        self.name = name
        self.options = options
        self.sink = sink
        time = TimeWriter(utcOffset: options.clock.utcOffset, isDate: options.format != .table)
    }

    /// Writes a line.
    ///
    /// - Parameters:
    ///   - received: when it arrived, in nanoseconds since 1970.
    ///   - key: what the line is in JSON.
    public func write(_ message: String, received: Int64, key: String = "message") {
        guard sink.isOpen else { return }
        counters.shown &+= 1
        switch options.format {
        case .json:
            sink.buffer.append("{\"timestamp\":\"" as StaticString)
            time.append(received, to: &sink.buffer)
            sink.buffer.append("\",\"stream\":\"" as StaticString)
            sink.buffer.append(name, escaping: .json)
            sink.buffer.append("\",\"\(key)\":\"")
            sink.buffer.append(message, escaping: .json)
            sink.buffer.append("\"}\n" as StaticString)
        case .table:
            if options.showsTime {
                time.append(received, to: &sink.buffer)
                sink.buffer.append(UInt8(ascii: " "))
            }
            sink.buffer.append(name, escaping: .terminal)
            sink.buffer.append(": " as StaticString)
            sink.buffer.append(message, escaping: .terminal)
            sink.buffer.append(UInt8(ascii: "\n"))
        case .csv:
            if !hasHeader {
                sink.buffer.append("timestamp,stream,message\r\n" as StaticString)
                hasHeader = true
            }
            time.append(received, to: &sink.buffer)
            sink.buffer.append(
                ",\(name),\""
                    + message.split(separator: "\"", omittingEmptySubsequences: false)
                    .joined(separator: "\"\"") + "\"\r\n")
        }
        sink.flushIfFull()
    }
}
