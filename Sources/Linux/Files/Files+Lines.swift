// SPDX-License-Identifier: Apache-2.0

import CLinux

extension Files {
    /// Calls `body` for each line of a file without holding the file in memory, such as /proc/kallsyms.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: the longest line in bytes; a longer one throws `EFBIG`.
    ///   - body: gets a line without its newline; answers `false` to stop.
    public static func forEachLine(
        of path: String, limit: Int = 1 << 20, _ body: (RawSpan) -> Bool
    ) throws(LinuxError) {
        let file = try FileDescriptor.open(path)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var filled = 0
        while true {
            if filled == buffer.count {
                if buffer.count >= limit { throw LinuxError(.fileTooBig, call: "read", path: path) }
                buffer.append(contentsOf: repeatElement(0, count: buffer.count))
            }
            let answer = buffer.withUnsafeMutableBytes { bytes in
                retryingInterrupts {
                    skep_read(file.rawValue, bytes.baseAddress.map { $0 + filled }, UInt(bytes.count - filled))
                }
            }
            let count = try checked(answer, "read", path: path)
            filled += count
            let (used, goesOn) = lines(in: buffer, filled, isLast: count == 0, body)
            if !goesOn || count == 0 { return }
            buffer.replaceSubrange(0..<(filled - used), with: buffer[used..<filled])
            filled -= used
        }
    }

    /// Hands out the complete lines and answers how many bytes they took.
    private static func lines(
        in buffer: [UInt8], _ filled: Int, isLast: Bool, _ body: (RawSpan) -> Bool
    ) -> (used: Int, goesOn: Bool) {
        let bytes = buffer.span.bytes
        var start = 0
        while start < filled {
            let end = buffer[start..<filled].firstIndex(of: UInt8(ascii: "\n"))
            guard let stop = end ?? (isLast ? filled : nil) else { break }
            if !body(bytes.extracting(start..<stop)) { return (stop, false) }
            start = stop + 1
        }
        return (min(start, filled), true)
    }
}
