// SPDX-License-Identifier: Apache-2.0

import BPF
import Linux

/// A cgroup of a check's own, which goes when the value goes.
struct CheckCgroup: ~Copyable {
    /// Its folder.
    let path: String

    /// Makes one.
    ///
    /// - Throws: `ENOENT` when no cgroup v2 hierarchy is mounted.
    init(_ name: String = "check", in parent: String? = nil) throws(LinuxError) {
        let folder: String
        if let parent { folder = parent } else { folder = try ControlGroups.mountPoint() }
        let made = "\(folder)/skep-\(name)-\(Processes.current)"
        try Files.makeDirectory(made, mode: 0o755)
        path = made
    }

    deinit { try? Directory.remove(path) }

    /// The file that a process enters by.
    var entrance: String { "\(path)/cgroup.procs" }

    /// Options that attach to it.
    var options: AttachOptions {
        var options = AttachOptions()
        options.cgroup = path
        return options
    }
}
