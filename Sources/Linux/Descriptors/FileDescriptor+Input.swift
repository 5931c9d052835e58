// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

extension FileDescriptor {
    /// How a file is opened.
    public enum Access: Sendable {
        /// `O_RDONLY`.
        case read
        /// `O_WRONLY`.
        case write
        /// `O_RDWR`.
        case readWrite
        /// `O_WRONLY | O_CREAT | O_TRUNC`, permissions 0644.
        case replace
        /// `O_WRONLY | O_CREAT | O_APPEND`, permissions 0644.
        case append
        /// `O_RDONLY | O_DIRECTORY`.
        case directory
        /// `O_PATH`.
        case path

        var flags: Int32 {
            switch self {
            case .read: O_RDONLY
            case .write: O_WRONLY
            case .readWrite: O_RDWR
            case .replace: O_WRONLY | O_CREAT | O_TRUNC
            case .append: O_WRONLY | O_CREAT | O_APPEND
            case .directory: O_RDONLY | O_DIRECTORY
            case .path: 0o10000000
            }
        }
    }

    /// Opens a file, relative to a directory when one is given.
    ///
    /// - Throws: the answer of openat(2) with the path.
    public static func open(
        _ path: String, _ access: Access = .read, in directory: Int32? = nil
    ) throws(LinuxError) -> FileDescriptor {
        let answer = retryingInterrupts {
            skep_open_at(directory ?? AT_FDCWD, path, access.flags | O_CLOEXEC, 0o644)
        }
        _ = try checked(answer, "openat", path: path)
        return try .adopting(answer, "openat")
    }

    /// Reads up to `buffer.count` bytes; 0 at the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(LinuxError) -> Int {
        try Self.read(rawValue, into: buffer)
    }

    /// Reads from a descriptor that someone else owns.
    public static func read(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer
    ) throws(LinuxError) -> Int {
        try checked(retryingInterrupts { skep_read(descriptor, buffer.baseAddress, UInt(buffer.count)) }, "read")
    }

    /// Reads up to `count` bytes; an empty array at the end of the file.
    public func read(upTo count: Int) throws(LinuxError) -> [UInt8] {
        var failure: Int = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, initialized in
            let answer = retryingInterrupts { skep_read(rawValue, buffer.baseAddress, UInt(buffer.count)) }
            if answer < 0 { failure = answer } else { initialized = answer }
        }
        _ = try checked(failure, "read")
        return bytes
    }

    /// Writes every byte, in as many calls as it takes.
    public func write(_ bytes: [UInt8]) throws(LinuxError) {
        try Self.write(bytes, to: rawValue)
    }

    /// Writes every byte to a descriptor that someone else owns.
    public static func write(_ bytes: [UInt8], to descriptor: Int32) throws(LinuxError) {
        var offset = 0
        while offset < bytes.count {
            let answer = bytes.withUnsafeBytes { buffer in
                retryingInterrupts {
                    skep_write(descriptor, buffer.baseAddress.map { $0 + offset }, UInt(buffer.count - offset))
                }
            }
            let written = try checked(answer, "write")
            if written == 0 { throw LinuxError(.inputOutput, call: "write") }
            offset += written
        }
    }

    /// Makes reads answer `EAGAIN` instead of waiting.
    public func setNonBlocking() throws(LinuxError) {
        let flags = try checked(skep_fcntl(rawValue, F_GETFL, 0), "fcntl(F_GETFL)")
        _ = try checked(skep_fcntl(rawValue, F_SETFL, flags | Int(O_NONBLOCK)), "fcntl(F_SETFL)")
    }
}
