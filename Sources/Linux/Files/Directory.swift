// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Directories.
public enum Directory {
    /// One entry of a directory.
    public struct Entry: Sendable, Hashable {
        /// The name without its directory.
        public let name: String
        /// What it is.
        public let kind: Kind
    }

    /// What an entry is.
    public enum Kind: Sendable, Hashable {
        /// A regular file, a directory, a symbolic link, or another or unknown thing.
        case file, directory, link, other
    }

    /// Lists a directory, sorted by name, without `.` and `..`.
    ///
    /// - Parameter limit: `EOVERFLOW` is thrown past this many entries.
    public static func entries(of path: String, limit: Int = 1 << 20) throws(LinuxError) -> [Entry] {
        let descriptor = try FileDescriptor.open(path, .directory).release()
        guard let stream = fdopendir(descriptor) else {
            let number = errno
            close(descriptor)
            throw LinuxError(Errno(rawValue: number), call: "fdopendir", path: path)
        }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "." || name == ".." { continue }
            if entries.count >= limit { throw LinuxError(.overflow, call: "readdir", path: path) }
            entries.append(Entry(name: name, kind: kind(Int(entry.pointee.d_type))))
        }
        return entries.sorted { $0.name < $1.name }
    }

    /// The names in a directory, sorted.
    public static func names(in path: String) throws(LinuxError) -> [String] {
        try entries(of: path).map(\.name)
    }

    /// Removes an empty directory.
    public static func remove(_ path: String) throws(LinuxError) {
        guard rmdir(path) == 0 else { throw LinuxError(Errno(rawValue: errno), call: "rmdir", path: path) }
    }

    private static func kind(_ type: Int) -> Kind {
        switch type {
        case 8: .file
        case 4: .directory
        case 10: .link
        default: .other
        }
    }
}
