// SPDX-License-Identifier: Apache-2.0

import CLinux

/// Mounts that only this thread and the processes that it starts see.
public enum PrivateMounts {
    private static let newMounts: Int32 = 0x0002_0000  // CLONE_NEWNS
    private static let privateBelow: UInt = 1 << 14 | 1 << 18  // MS_REC, MS_PRIVATE

    /// Gives the calling thread a mount namespace of its own, from which no mount gets out.
    ///
    /// Namespaces belong to threads: call it in a process that was started for that, not across an `await`.
    ///
    /// - Throws: `EPERM` without `CAP_SYS_ADMIN`.
    public static func enter() throws(LinuxError) {
        _ = try checked(skep_unshare(newMounts), "unshare(CLONE_NEWNS)")
        _ = try checked(skep_mount("none", "/", nil, privateBelow, nil), "mount(MS_PRIVATE)", path: "/")
    }

    /// Puts an empty folder over a folder. Only after ``enter()``, else everyone sees it.
    public static func hide(_ path: String) throws(LinuxError) {
        _ = try checked(skep_mount("none", path, "tmpfs", 0, "mode=0755"), "mount(tmpfs)", path: path)
    }
}
