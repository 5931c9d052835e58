// SPDX-License-Identifier: Apache-2.0

import CLinux

/// A mount that only this process can reach, through a directory descriptor: nothing is seen in the file tree and
/// nothing is left behind (fsopen(2), fsmount(2), Linux 5.2).
enum DetachedMount {
    /// Mounts a file system of a type.
    ///
    /// - Throws: `EPERM` without `CAP_SYS_ADMIN`, `ENODEV` when the kernel lacks the type, `ENOSYS` before Linux 5.2.
    static func make(_ type: String) throws(LinuxError) -> FileDescriptor {
        let context = try FileDescriptor.adopting(skep_fsopen(type, 1), "fsopen(\(type))")
        _ = try checked(skep_fsconfig(context.rawValue, 6, nil, nil, 0), "fsconfig(\(type))")  // FSCONFIG_CMD_CREATE
        return try .adopting(skep_fsmount(context.rawValue, 1, 0), "fsmount(\(type))")
    }
}
