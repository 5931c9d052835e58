// SPDX-License-Identifier: Apache-2.0

import Linux

/// Paths in another file tree, such as that of a process in a container.
enum RootedPath {
    /// The kernel follows no more links than this either (`MAXSYMLINKS`).
    private static let mostLinks = 40

    /// Follows a path with its symbolic links, absolute ones too, without leaving a tree.
    ///
    /// - Parameters:
    ///   - path: the path as it is seen from inside.
    ///   - root: where the tree is mounted, such as `/proc/PID/root`; empty for this process's own.
    /// - Returns: the path as it is seen from here, without links below `root`, or `nil` when there is no such file.
    static func resolve(_ path: String, below root: String) -> String? {
        // The kernel does the same for this process's own tree.
        guard !root.isEmpty else { return Files.exists(path) ? path : nil }
        var remaining = Array(path.split(separator: "/").map(String.init).reversed())
        var parts: [String] = []
        var links = 0
        while let part = remaining.popLast() {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default:
                let next = root + "/" + (parts + [part]).joined(separator: "/")
                guard let target = try? Files.linkTarget(next) else {
                    parts.append(part)
                    continue
                }
                links += 1
                guard links <= mostLinks else { return nil }
                if target.hasPrefix("/") { parts = [] }
                remaining += target.split(separator: "/").map(String.init).reversed()
            }
        }
        let found = root + "/" + parts.joined(separator: "/")
        return Files.exists(found) ? found : nil
    }
}
