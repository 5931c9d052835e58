// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// An open file that is closed when its owner goes away.
///
/// Everything that this module opens is close-on-exec and has a number above 2, so that a program started with closed
/// standard streams never writes its output into a map.
///
/// ```swift
/// let file = try FileDescriptor.open("/proc/self/maps")
/// ```
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number, valid while the owner lives. It is borrowed: do not close it.
    public let rawValue: Int32

    /// Takes over an open descriptor; the number must be this value's alone.
    public init(owning rawValue: Int32) {
        self.rawValue = rawValue
    }

    deinit {
        // Never repeated: after EINTR Linux has already freed the number, and another thread may own it.
        if rawValue >= 0 { _ = skep_close(rawValue) }
    }

    /// Opens the same file again under another number (`F_DUPFD_CLOEXEC`), sharing its offset.
    public func duplicate() throws(LinuxError) -> FileDescriptor {
        try FileDescriptor.duplicating(rawValue)
    }

    /// Duplicates a descriptor that someone else owns.
    public static func duplicating(_ rawValue: Int32) throws(LinuxError) -> FileDescriptor {
        let copy = try checked(skep_fcntl(rawValue, F_DUPFD_CLOEXEC, 3), "fcntl(F_DUPFD_CLOEXEC)")
        return FileDescriptor(owning: Int32(truncatingIfNeeded: copy))
    }

    /// Gives the number away: the caller closes it.
    public consuming func release() -> Int32 {
        let value = rawValue
        discard self
        return value
    }

    /// Takes over a descriptor that the kernel just made and moves it above the standard streams.
    static func adopting(_ answer: Int, _ call: @autoclosure () -> String) throws(LinuxError) -> FileDescriptor {
        try FileDescriptor(owning: Int32(truncatingIfNeeded: try checked(answer, call()))).lifted()
    }

    /// The same file under a number above the standard streams.
    consuming func lifted() throws(LinuxError) -> FileDescriptor {
        rawValue > 2 ? self : try duplicate()
    }
}
