// SPDX-License-Identifier: Apache-2.0

import CLinux

/// The limit on locked memory, which bounded maps and programs before Linux 5.11 (`RLIMIT_MEMLOCK`).
public enum MemoryLock {
    private static let resource: Int32 = 8  // RLIMIT_MEMLOCK

    /// The limit in bytes now; `UInt64.max` is none.
    public static func limit() throws(LinuxError) -> UInt64 {
        var limit = skep_resource_limit()
        _ = try checked(skep_resource_limit(0, resource, nil, &limit), "prlimit(RLIMIT_MEMLOCK)")
        return limit.current
    }

    /// Lifts the limit on kernels that charge BPF memory to it, that is before 5.11; does nothing on others.
    ///
    /// - Returns: whether the limit was changed.
    /// - Throws: `EPERM` without `CAP_SYS_RESOURCE`.
    @discardableResult
    public static func raise(for version: KernelVersion = .current) throws(LinuxError) -> Bool {
        guard version < KernelVersion(5, 11) else { return false }
        var limit = skep_resource_limit(current: .max, maximum: .max)
        _ = try checked(skep_resource_limit(0, resource, &limit, nil), "prlimit(RLIMIT_MEMLOCK)")
        return true
    }
}
