// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Glibc

/// The few file operations that making a guest needs.
enum Files {
    /// Reads a whole file.
    static func read(_ path: String) throws(GuestError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("could not open", path) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("could not read", path) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// Reads a short text file without the white space at its ends.
    static func readText(_ path: String) throws(GuestError) -> String {
        let text = String(decoding: try read(path), as: UTF8.self)
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }

    /// Writes a new file that only this user reads; an older one of that name is replaced.
    static func write(_ bytes: [UInt8], to path: String) throws(GuestError) {
        unlink(path)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("could not create", path) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("could not write", path) }
            written += count
        }
    }

    /// The names in a folder, sorted; none when there is no such folder.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Whether there is something at a path that this user may read.
    static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

    private static func failure(_ action: String, _ path: String) -> GuestError {
        let reason = String(cString: strerror(errno))
        return GuestError(.file, "\(action) \(path): \(reason)", context: [DiagnosticContext("file", path)])
    }
}
