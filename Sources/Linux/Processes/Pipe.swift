// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// A pipe (pipe2(2)); both ends are close-on-exec.
public struct Pipe: ~Copyable, Sendable {
    /// The end to read from.
    public let read: FileDescriptor
    /// The end to write to.
    public let write: FileDescriptor

    /// Makes a pipe.
    public init() throws(LinuxError) {
        var ends: (Int32, Int32) = (-1, -1)
        let answer = withUnsafeMutableBytes(of: &ends) { bytes in
            skep_pipe(bytes.baseAddress?.assumingMemoryBound(to: Int32.self), O_CLOEXEC)
        }
        _ = try checked(answer, "pipe2")
        let first = FileDescriptor(owning: ends.0)
        let second = FileDescriptor(owning: ends.1)
        let read = try first.lifted()
        let write = try second.lifted()
        self.read = read
        self.write = write
    }

    /// Keeps only the end to read from.
    public consuming func keepingRead() -> FileDescriptor { read }

    /// Keeps only the end to write to.
    public consuming func keepingWrite() -> FileDescriptor { write }
}
