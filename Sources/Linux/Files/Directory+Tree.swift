// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Directory {
    /// Removes a folder with all that is in it; symbolic links are removed, not followed.
    ///
    /// A folder that is not there is fine.
    public static func removeTree(_ path: String) throws(LinuxError) {
        guard Files.isDirectory(path) else { return }
        for entry in try entries(of: path) {
            let inner = "\(path)/\(entry.name)"
            if entry.kind == .directory { try removeTree(inner) } else { try Files.remove(inner) }
        }
        try remove(path)
    }

    /// The paths of all files below a folder, without the folder's own, sorted; symbolic links are not followed.
    ///
    /// - Parameter limit: `EOVERFLOW` is thrown past this many.
    public static func files(below path: String, limit: Int = 1 << 18) throws(LinuxError) -> [String] {
        var found: [String] = []
        var folders = [""]
        while let folder = folders.popLast() {
            for entry in try entries(of: folder.isEmpty ? path : "\(path)/\(folder)") {
                let inner = folder.isEmpty ? entry.name : "\(folder)/\(entry.name)"
                if entry.kind == .directory { folders.append(inner) }
                if entry.kind == .file { found.append(inner) }
                if found.count + folders.count > limit { throw LinuxError(.overflow, call: "readdir", path: path) }
            }
        }
        return found.sorted()
    }
}
