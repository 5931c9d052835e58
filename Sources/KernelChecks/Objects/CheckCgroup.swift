// SPDX-License-Identifier: Apache-2.0

import BPF
import Linux

/// A cgroup of a check's own, which goes when the value goes.
///
/// A process that is killed cannot remove its cgroups, so their names carry its number, and whoever makes the next one
/// removes those of processes that are no more.
struct CheckCgroup: ~Copyable {
    /// Its folder.
    let path: String
    private static let prefix = "skep-check-"

    /// Makes an empty cgroup.
    ///
    /// - Parameters:
    ///   - name: tells the cgroups of one process apart.
    ///   - parent: the cgroup that it is below, the root unless told.
    /// - Throws: `ENOENT` when no cgroup v2 hierarchy is mounted.
    init(_ name: String = "check", in parent: String? = nil) throws(LinuxError) {
        let folder: String
        if let parent {
            folder = parent
        } else {
            folder = try ControlGroups.mountPoint()
            Self.sweep(folder)
        }
        let path = "\(folder)/\(Self.prefix)\(Processes.current)-\(name)"
        try Files.makeDirectory(path, mode: 0o755)
        self.path = path
    }

    deinit { try? Directory.remove(path) }

    /// Removes the cgroups of checks whose process has ended, those below others first.
    static func sweep(_ parent: String) {
        for name in (try? Directory.names(in: parent)) ?? [] where name.hasPrefix(prefix) {
            let number = name.dropFirst(prefix.count).prefix { $0.isNumber }
            guard let process = Int32(number), !Processes.exists(process) else { continue }
            sweep("\(parent)/\(name)")
            try? Directory.remove("\(parent)/\(name)")
        }
    }

    /// The file that a process enters by.
    var entrance: String { "\(path)/cgroup.procs" }

    /// Options that attach to it.
    var options: AttachOptions {
        var options = AttachOptions()
        options.cgroup = path
        return options
    }
}
