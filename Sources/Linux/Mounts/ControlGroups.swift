// SPDX-License-Identifier: Apache-2.0

/// The cgroup v2 hierarchy (cgroups(7)).
public enum ControlGroups {
    /// Where the cgroup v2 hierarchy is mounted.
    ///
    /// - Throws: `ENOENT` when it is not.
    public static func mountPoint() throws(LinuxError) -> String {
        guard let mount = try MountTable.current().mount(ofType: "cgroup2") else {
            throw LinuxError(
                .noSuchFileOrDirectory, call: "mountinfo", explanation: "no cgroup v2 hierarchy is mounted",
                hint: "mount one with: mount -t cgroup2 none /sys/fs/cgroup")
        }
        return mount.path
    }

    /// The path of a process's cgroup below the mount point, such as `/user.slice`.
    public static func path(of process: Int32? = nil) throws(LinuxError) -> String {
        let file = "/proc/\(process.map { String($0) } ?? "self")/cgroup"
        for line in try Files.readText(file, limit: 1 << 20).split(separator: "\n") where line.hasPrefix("0::") {
            return String(line.dropFirst(3))
        }
        throw LinuxError(
            .noSuchFileOrDirectory, call: "read", path: file, explanation: "it is in no cgroup of version 2")
    }

    /// Opens a cgroup's directory, to attach programs to it.
    public static func open(_ path: String) throws(LinuxError) -> FileDescriptor {
        try .open(path, .directory)
    }

    /// The number by which programs know a cgroup (`bpf_get_current_cgroup_id`, Linux 4.18): its directory's inode.
    public static func id(of path: String) throws(LinuxError) -> UInt64 {
        try Files.identity(path).inode
    }
}
