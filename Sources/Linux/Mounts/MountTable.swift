// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The mounts that a process sees (/proc/PID/mountinfo, proc_pid_mountinfo(5)).
public struct MountTable: Sendable {
    /// One mount.
    public struct Mount: Sendable, Hashable {
        /// Where it is.
        public let path: String
        /// The part of its file system that it shows, `/` for all.
        public let root: String
        /// The file system's type, such as `cgroup2`.
        public let type: String
        /// Options of the mount, such as `ro`.
        public let options: [String]
    }

    /// The mounts in the order in which they were made: a later one hides an earlier one at the same path.
    public let mounts: [Mount]

    /// Reads the mounts of a process, of this one by default.
    public static func current(of process: Int32? = nil) throws(LinuxError) -> MountTable {
        let path = "/proc/\(process.map { String($0) } ?? "self")/mountinfo"
        return MountTable(parsing: try Files.readText(path, limit: 64 << 20))
    }

    init(parsing text: String) {
        mounts = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, dash + 1 < fields.count else { return nil }
            return Mount(
                path: Self.unescaped(fields[4]), root: Self.unescaped(fields[3]), type: String(fields[dash + 1]),
                options: fields[5].split(separator: ",").map { String($0) })
        }
    }

    /// The first whole mount of a type, or `nil` when there is none.
    public func mount(ofType type: String) -> Mount? {
        mounts.first { $0.type == type && $0.root == "/" } ?? mounts.first { $0.type == type }
    }

    /// Turns `\040` and the like back into characters.
    private static func unescaped(_ text: Substring) -> String {
        guard text.contains("\\") else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
