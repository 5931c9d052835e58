// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A lock on a file that the kernel lets go when its owner ends, however that happens (flock(2)).
public struct FileLock: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// Takes the lock of a file, which is made where it is missing.
    ///
    /// - Returns: `nil` when another process has it.
    public static func take(_ path: String) throws(LinuxError) -> FileLock? {
        let file = try FileDescriptor.open(path, .append)
        if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 { return FileLock(descriptor: file) }
        let number = Glibc.errno
        if number == EWOULDBLOCK { return nil }
        throw LinuxError(Errno(rawValue: number), call: "flock", path: path)
    }

    private init(descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }
}
