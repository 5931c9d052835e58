// SPDX-License-Identifier: Apache-2.0

import Bytes
import Linux

/// The one place where this module opens files of other processes, whose contents and paths are not to be trusted.
enum SymbolFiles {
    /// Larger programs exist, but not their symbol tables.
    private static let largest = 2 << 30
    /// What is read into memory rather than mapped.
    private static let largestRead = 256 << 20
    private static let systemFolders = ["/usr/", "/lib/", "/lib64/", "/bin/", "/sbin/", "/opt/"]

    /// The bytes of a program or library.
    ///
    /// Only files in folders of the system are mapped: a file that its owner cuts short while it is mapped would end
    /// this program.
    static func contents(of path: String) throws(LinuxError) -> OwnedBytes {
        if systemFolders.contains(where: { path.hasPrefix($0) }) { return try Files.map(path, limit: largest) }
        return OwnedBytes(try Files.read(path, limit: largestRead))
    }

    /// Whether a path is a regular file, so that opening it cannot wait for another process as a pipe does.
    static func isRegular(_ path: String) -> Bool {
        guard let slash = path.lastIndex(of: "/") else { return false }
        let name = String(path[path.index(after: slash)...])
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        let entries = (try? Directory.entries(of: folder)) ?? []
        return entries.contains { $0.name == name && $0.kind == .file }
    }
}
