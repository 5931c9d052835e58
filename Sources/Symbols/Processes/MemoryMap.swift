// SPDX-License-Identifier: Apache-2.0

import Linux

/// The executable regions of a process, from `/proc/PID/maps` (proc_pid_maps(5)).
struct MemoryMap: Sendable {
    struct Region: Sendable, Hashable {
        let start: UInt64
        let end: UInt64
        /// Where the region starts in its file.
        let offset: UInt64
        /// The file's device as the kernel writes it, such as `fe:00`, and its inode; 0 when there is no file.
        let device: String
        let inode: UInt64
        /// The file's path, a name such as `[vdso]`, or nothing.
        let path: String
    }

    /// Ascending.
    private(set) var regions: [Region] = []
    /// Each region can have a path of 4 KiB, so this bounds the memory.
    private static let mostRegions = 1 << 16

    init(of process: Int32) throws(LinuxError) {
        var regions: [Region] = []
        try Files.forEachLine(of: "/proc/\(process)/maps") { line in
            line.withUnsafeBytes { line in
                if let region = Self.parse(line) { regions.append(region) }
                return regions.count < Self.mostRegions
            }
        }
        // The kernel writes them in order, but a search must not depend on what a file says.
        self.regions = regions.sorted { $0.start < $1.start }
    }

    /// Reads the lines of a text, for tests.
    init(parsing text: String) {
        for line in text.split(separator: "\n") {
            var line = String(line)
            line.withUTF8 { if let region = Self.parse(UnsafeRawBufferPointer($0)) { regions.append(region) } }
        }
        regions.sort { $0.start < $1.start }
    }

    /// Reads `561242c64000-561242c6a000 r-xp 00002000 fe:00 254163    /usr/bin/head`; `nil` for what is not executable.
    private static func parse(_ line: UnsafeRawBufferPointer) -> Region? {
        var at = 0
        func skip(_ byte: UInt8) -> Bool {
            guard at < line.count, line[at] == byte else { return false }
            at += 1
            return true
        }
        guard let start = Hexadecimal.read(line, &at), skip(0x2d), let end = Hexadecimal.read(line, &at), end > start,
            skip(0x20), at + 4 < line.count, line[at + 2] == UInt8(ascii: "x")
        else { return nil }
        at += 4
        guard skip(0x20), let offset = Hexadecimal.read(line, &at), skip(0x20) else { return nil }
        let deviceStart = at
        while at < line.count, line[at] != 0x20 { at += 1 }
        let device = String(decoding: line[deviceStart..<at], as: UTF8.self)
        guard skip(0x20) else { return nil }
        var inode: UInt64 = 0
        while at < line.count, (0x30...0x39).contains(line[at]) {
            inode = inode &* 10 &+ UInt64(line[at] - 0x30)
            at += 1
        }
        while at < line.count, line[at] == 0x20 { at += 1 }
        var path = String(decoding: line[at...], as: UTF8.self)
        if path.hasSuffix(" (deleted)") { path.removeLast(" (deleted)".count) }
        return Region(start: start, end: end, offset: offset, device: device, inode: inode, path: path)
    }

    func region(at address: UInt64) -> Region? {
        var low = 0
        var high = regions.count
        while low < high {
            let middle = (low + high) / 2
            if regions[middle].start <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0, address < regions[low - 1].end else { return nil }
        return regions[low - 1]
    }
}
