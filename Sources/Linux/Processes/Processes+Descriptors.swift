// SPDX-License-Identifier: Apache-2.0

import CLinux

extension Processes {
    /// A descriptor of another process, as one of this process: both stand for the same open file or socket.
    ///
    /// - Throws: ``LinuxError``: `EPERM` without the right to trace the process, `EBADF` when it has no such descriptor,
    ///   `ESRCH` when there is no such process.
    /// - Note: `pidfd_getfd(2)`, Linux 5.6.
    public static func descriptor(_ number: Int32, of process: Int32) throws(LinuxError) -> FileDescriptor {
        let owner = try FileDescriptor.adopting(skep_pidfd_open(process, 0), "pidfd_open")
        return try .adopting(skep_pidfd_getfd(owner.rawValue, number, 0), "pidfd_getfd")
    }
}
