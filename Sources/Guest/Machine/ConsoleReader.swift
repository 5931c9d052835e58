// SPDX-License-Identifier: Apache-2.0

import Linux

/// Reads the console of a guest line by line.
final class ConsoleReader {
    private(set) var lines: [String] = []
    private var partial: [UInt8] = []
    private var count = 0
    private let limit: Int
    /// Bytes of a line; a longer one is cut.
    private static let lineLimit = 1 << 20

    init(limit: Int) {
        self.limit = limit
    }

    /// Reads to the end.
    ///
    /// - Returns: `false` when the time was up or there was too much.
    func read(_ descriptor: Int32, milliseconds: Int32, onLine: (String) -> Void) throws(LinuxError) -> Bool {
        let end = Clock.monotonic() + UInt64(max(0, milliseconds)) * 1_000_000
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let now = Clock.monotonic()
            guard now < end else { return false }
            let left = Int32(clamping: (end - now) / 1_000_000 + 1)
            guard try Poll.wait(for: descriptor, milliseconds: left) else { continue }
            let read = try FileDescriptor.read(descriptor, into: buffer)
            if read == 0 {
                endLine(onLine)
                return true
            }
            count += read
            guard count <= limit else { return false }
            for byte in buffer[0..<read] {
                if byte == UInt8(ascii: "\n") {
                    endLine(onLine)
                } else if byte != UInt8(ascii: "\r"), partial.count < Self.lineLimit {
                    partial.append(byte)
                }
            }
        }
    }

    private func endLine(_ onLine: (String) -> Void) {
        guard !partial.isEmpty else { return }
        let line = String(decoding: partial, as: UTF8.self)
        partial.removeAll(keepingCapacity: true)
        lines.append(line)
        onLine(line)
    }
}
