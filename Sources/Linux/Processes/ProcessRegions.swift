// SPDX-License-Identifier: Apache-2.0

/// A part of a process's memory that shows a file (/proc/PID/maps).
public struct ProcessRegion: Sendable, Hashable {
    /// The first address.
    public let start: UInt64
    /// The address behind the last one.
    public let end: UInt64
    /// Whether it can be executed.
    public let isExecutable: Bool
    /// Where it starts in the file.
    public let offset: UInt64
    /// The file's inode; 0 when there is no file.
    public let inode: UInt64
    /// The file's path as the process sees it.
    public let path: String
}

extension Processes {
    /// The parts of a process's memory that show files.
    ///
    /// - Throws: `ENOENT` when there is no such process.
    public static func regions(of process: Int32) throws(LinuxError) -> [ProcessRegion] {
        parse(try Files.readText("/proc/\(process)/maps", limit: 64 << 20))
    }

    /// Reads lines such as `561242c64000-561242c6a000 r-xp 00002000 fe:00 254163    /usr/bin/head`.
    static func parse(_ text: String) -> [ProcessRegion] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 5)
            guard fields.count == 6, let dash = fields[0].firstIndex(of: "-"),
                let start = UInt64(fields[0][..<dash], radix: 16),
                let end = UInt64(fields[0][fields[0].index(after: dash)...], radix: 16), start < end,
                let offset = UInt64(fields[2], radix: 16), let inode = UInt64(fields[4])
            else { return nil }
            let path = fields[5].drop { $0 == " " }
            guard path.hasPrefix("/") else { return nil }
            return ProcessRegion(
                start: start, end: end, isExecutable: fields[1].contains("x"), offset: offset, inode: inode,
                path: String(path))
        }
    }
}
