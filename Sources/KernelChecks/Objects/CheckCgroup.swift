// SPDX-License-Identifier: Apache-2.0

import Linux

/// A cgroup of a check's own, which goes when the value goes.
///
/// A process that is killed cannot remove its cgroups, so their names carry its number, and whoever makes the next one
/// removes those of processes that are no more.
struct CheckCgroup: ~Copyable {
    /// The path of its folder.
    let path: String
    private static let prefix = "skep-check-"

    /// Makes an empty cgroup below the root.
    ///
    /// - Parameter name: tells the cgroups of one process apart.
    init(_ name: String) throws(LinuxError) {
        let parent = try ControlGroups.mountPoint()
        Self.sweep(parent)
        let path = "\(parent)/\(Self.prefix)\(Processes.current)-\(name)"
        try Files.makeDirectory(path, mode: 0o755)
        self.path = path
    }

    deinit { try? Directory.remove(path) }

    /// Removes the cgroups of checks whose process has ended.
    static func sweep(_ parent: String) {
        for name in (try? Directory.names(in: parent)) ?? [] where name.hasPrefix(prefix) {
            let number = name.dropFirst(prefix.count).prefix { $0.isNumber }
            guard let process = Int32(number), !Processes.exists(process) else { continue }
            try? Directory.remove("\(parent)/\(name)")
        }
    }
}
