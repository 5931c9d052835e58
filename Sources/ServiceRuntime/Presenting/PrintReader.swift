// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import Linux
import Presentation

/// Reads what programs print with `bpf_printk()`.
///
/// The kernel has one such output for all programs, so lines of other programs show too.
final class PrintReader {
    private let descriptor: FileDescriptor
    private let printer: MessagePrinter
    private var rest: [UInt8] = []

    /// Whether an object prints at all: `bpf_trace_printk` is helper 6, `bpf_trace_vprintk` 177.
    static func isNeeded(by spec: ObjectSpec) -> Bool {
        spec.functions.values.contains { function in
            function.instructions.contains { $0.isHelperCall && ($0.immediate == 6 || $0.immediate == 177) }
        }
    }

    init(options: PresentationOptions, sink: OutputSink, named: Bool) throws(LinuxError) {
        let files = try TraceFileSystem()
        descriptor = try files.open("trace_pipe")
        var options = options
        options.filter = nil
        options.columns = []
        options.name = nil
        printer = MessagePrinter(name: "printk", options: options, sink: sink)
    }

    var rawDescriptor: Int32 { descriptor.rawValue }
    var counters: RowCounters { printer.counters }

    /// Shows the lines that are there.
    func drain() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = buffer.withUnsafeMutableBytes { (try? descriptor.read(into: $0)) ?? 0 }
        guard count > 0 else { return }
        rest += buffer[0..<count]
        let received = Int64(clamping: Clock.real())
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            if let message = Self.message(in: rest[..<end]) { printer.write(message, received: received) }
            rest.removeSubrange(...end)
        }
        // A line without end is cut rather than kept for ever.
        if rest.count > 1 << 16 { rest = [] }
    }

    /// The text behind `bpf_trace_printk: `, with the process in front: `bash-123: text`.
    private static func message(in line: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: line, as: UTF8.self)
        let marker = Array("bpf_trace_printk: ".utf8)
        guard let start = line.indices.first(where: { line[$0...].starts(with: marker) }) else { return nil }
        let message = String(decoding: line[(start + marker.count)...], as: UTF8.self)
        let process = text.drop { $0 == " " }.prefix { $0 != " " }
        return process.isEmpty ? message : "\(process): \(message)"
    }
}
