// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux

extension Program {
    /// What a program writes to for people.
    public enum OutputStream: UInt32, Sendable, Hashable, CaseIterable {
        /// What `bpf_stream_printk(BPF_STDOUT, …)` wrote.
        case output = 1
        /// What `bpf_stream_printk(BPF_STDERR, …)` wrote, and what went wrong at run time: arena faults, timed-out loops,
        /// locks that were never given back.
        case errors = 2
    }

    /// The most bytes that the kernel keeps in a stream.
    private static let maximumStreamSize = 100_000

    /// Takes the text out of a stream; each text is read once.
    ///
    /// ```swift
    /// for line in try program.readStream(.errors).split(separator: "\n") { print(line) }
    /// ```
    ///
    /// - Returns: what was written since the last call, empty when there is nothing; invalid UTF-8 is repaired.
    /// - Throws: ``BPFError`` when the kernel has no streams.
    /// - Note: `BPF_PROG_STREAM_READ_BY_FD`, Linux 6.17, `kernel/bpf/stream.c`.
    public func readStream(_ stream: OutputStream) throws(BPFError) -> String {
        var text: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 8)
        defer { buffer.deallocate() }
        do throws(LinuxError) {
            // A program that writes all the while must not keep the caller here for ever.
            while text.count < 2 * Self.maximumStreamSize {
                let count = try BPFSystemCall.readStream(of: rawDescriptor, stream: stream.rawValue, into: buffer)
                if count <= 0 { break }
                text += buffer.prefix(count)
            }
        } catch {
            let current = KernelVersion.current
            if error.errno == .invalidArgument, current < "6.17" {
                throw BPFError(
                    .notSupported, "streams of programs need Linux 6.17, this is \(current)",
                    context: [.init("program", name)], cause: error)
            }
            throw BPFError.system(error, "cannot read the stream of \(name)", context: [.init("program", name)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
