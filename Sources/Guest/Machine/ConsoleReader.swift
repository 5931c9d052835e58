// SPDX-License-Identifier: Apache-2.0

import Linux

/// Reads the console of a guest line by line.
struct ConsoleReader {
    private(set) var lines: [String] = []
    private(set) var isAtEnd = false
    private var partial: [UInt8] = []
    private var count = 0
    /// Bytes of the console; a guest that prints more is stopped.
    private static let limit = 64 << 20
    /// Bytes of a line; a longer one is cut.
    private static let lineLimit = 1 << 20

    /// Waits for output and reads it.
    ///
    /// - Returns: `false` when there was too much of it.
    mutating func read(
        _ descriptor: Int32, milliseconds: Int32, onLine: (String) -> Void
    ) throws(LinuxError) -> Bool {
        guard !isAtEnd, try Poll.wait(for: descriptor, milliseconds: milliseconds) else { return true }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        let read = try FileDescriptor.read(descriptor, into: buffer)
        guard read > 0 else {
            isAtEnd = true
            endLine(onLine)
            return true
        }
        count += read
        for byte in buffer[0..<read] {
            if byte == UInt8(ascii: "\n") {
                endLine(onLine)
            } else if byte != UInt8(ascii: "\r"), partial.count < Self.lineLimit {
                partial.append(byte)
            }
        }
        return count <= Self.limit
    }

    private mutating func endLine(_ onLine: (String) -> Void) {
        guard !partial.isEmpty else { return }
        let line = String(decoding: partial, as: UTF8.self)
        partial.removeAll(keepingCapacity: true)
        lines.append(line)
        onLine(line)
    }
}
