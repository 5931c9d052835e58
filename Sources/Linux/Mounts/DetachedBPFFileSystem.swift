// SPDX-License-Identifier: Apache-2.0

/// A bpffs that only this process can reach, and that goes with it: what is pinned in it lasts no longer than the process,
/// however it ends.
///
/// ```swift
/// let fileSystem = try BPFFileSystem.detached()
/// try BPFSystemCall.pin(map.rawDescriptor, path: "\(fileSystem.path)/counts")
/// ```
public struct DetachedBPFFileSystem: ~Copyable, Sendable {
    /// The descriptor of its root.
    public let root: FileDescriptor

    /// The path of its root, for this process alone.
    public var path: String { "/proc/self/fd/\(root.rawValue)" }
}

extension BPFFileSystem {
    /// Makes a bpffs that is mounted nowhere (fsopen(2), fsmount(2)).
    ///
    /// - Throws: `EPERM` without `CAP_SYS_ADMIN`, `ENOSYS` before Linux 5.2.
    public static func detached() throws(LinuxError) -> DetachedBPFFileSystem {
        DetachedBPFFileSystem(root: try DetachedMount.make("bpf"))
    }
}
