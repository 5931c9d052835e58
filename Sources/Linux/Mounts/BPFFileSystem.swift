// SPDX-License-Identifier: Apache-2.0

import CLinux

/// The file system that keeps programs, maps and links by name (bpffs).
public enum BPFFileSystem {
    /// Where a bpffs is mounted, /sys/fs/bpf first, or `nil` when there is none.
    public static func mountPoint() throws(LinuxError) -> String? {
        let mounts = try MountTable.current().mounts.filter { $0.type == "bpf" }
        return (mounts.first { $0.path == "/sys/fs/bpf" } ?? mounts.first)?.path
    }

    /// Whether a path is in a bpffs.
    public static func contains(_ path: String) -> Bool {
        skep_file_system_type(path) == 0xcafe_4a11  // BPF_FS_MAGIC
    }

    /// Mounts a bpffs at an existing directory, for everyone.
    ///
    /// - Throws: `EPERM` without `CAP_SYS_ADMIN`.
    public static func mount(at path: String = "/sys/fs/bpf", mode: UInt32 = 0o700) throws(LinuxError) {
        let answer = skep_mount("bpf", path, "bpf", 0, "mode=0\(String(mode, radix: 8))")
        _ = try checked(answer, "mount(bpf)", path: path)
    }

    /// Takes the topmost mount at a path away, even while it is in use.
    public static func unmount(_ path: String) throws(LinuxError) {
        _ = try checked(skep_umount(path, 2), "umount", path: path)  // MNT_DETACH
    }
}
