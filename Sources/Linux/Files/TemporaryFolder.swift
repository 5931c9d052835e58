// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A folder of this process alone, for files that are needed for a moment.
public struct TemporaryFolder: Sendable {
    /// The folder's path.
    public let path: String

    /// Makes a folder below `$TMPDIR`, else /tmp.
    ///
    /// - Throws: ``LinuxError`` when none can be made.
    public init(prefix: String = "skep") throws(LinuxError) {
        let parent = Environment.variable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(parent)/\(prefix)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw LinuxError(Errno(rawValue: errno), call: "mkdtemp", path: parent) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes the folder with all that is in it; symbolic links are removed, not followed.
    public func remove() { try? Directory.removeTree(path) }
}
