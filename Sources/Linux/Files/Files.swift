// SPDX-License-Identifier: Apache-2.0

public import Bytes
import CLinux
import Glibc

/// Whole files: read, mapped, written, listed.
///
/// Files of /proc and /sys say that they are empty, so nothing here trusts a size: reading goes on to the end, up to a
/// limit.
public enum Files {
    /// The default limit of a read: 256 MiB.
    public static let defaultLimit = 256 << 20

    /// Reads a whole file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - directory: what a relative path starts at; the working directory by default.
    ///   - limit: `EFBIG` is thrown past this many bytes.
    public static func read(
        _ path: String, in directory: Int32? = nil, limit: Int = defaultLimit
    ) throws(LinuxError) -> [UInt8] {
        let file = try FileDescriptor.open(path, in: directory)
        return try read(descriptor: file.rawValue, path: path, limit: limit)
    }

    /// Reads the rest of an open file.
    public static func read(
        descriptor: Int32, path: String = "", limit: Int = defaultLimit
    ) throws(LinuxError) -> [UInt8] {
        var status = stat()
        let expected = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
        var bytes: [UInt8] = []
        var chunk = min(max(expected &+ 1, 4096), max(1, limit), 1 << 22)
        bytes.reserveCapacity(min(max(expected, 0) &+ 1, limit, 1 << 26))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 22, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[0..<chunk])
            let answer = retryingInterrupts { skep_read(descriptor, part.baseAddress, UInt(part.count)) }
            let count = try checked(answer, "read", path: path)
            if count == 0 { return bytes }
            if count > limit - bytes.count { throw LinuxError(.fileTooBig, call: "read", path: path) }
            bytes.append(contentsOf: part[0..<count])
            chunk = min(chunk * 2, 1 << 22)
        }
    }

    /// Reads a whole file as text with invalid UTF-8 repaired.
    public static func readText(
        _ path: String, in directory: Int32? = nil, limit: Int = defaultLimit
    ) throws(LinuxError) -> String {
        String(decoding: try read(path, in: directory, limit: limit), as: UTF8.self)
    }

    /// Maps a file for reading, so that only the pages that are used are loaded; reads it where the file cannot be
    /// mapped, such as in /proc, or /sys/kernel/btf before Linux 6.16.
    ///
    /// - Note: the mapping is private, but a file that another process cuts short while it is mapped still faults: map
    ///   only what only a trusted user can write, and ``read(_:in:limit:)`` the rest.
    public static func map(_ path: String, limit: Int = defaultLimit) throws(LinuxError) -> OwnedBytes {
        let file = try FileDescriptor.open(path)
        var status = stat()
        if fstat(file.rawValue, &status) == 0, status.st_size > 0, status.st_mode & S_IFMT == S_IFREG {
            let size = Int(status.st_size)
            if size > limit { throw LinuxError(.fileTooBig, call: "mmap", path: path) }
            if let mapping = try? MemoryMapping(
                file.rawValue, count: size, offset: 0, protection: PROT_READ, flags: MAP_PRIVATE)
            {
                let range = mapping.release()
                return OwnedBytes(adopting: UnsafeRawBufferPointer(range)) { range in
                    guard let address = range.baseAddress else { return }
                    _ = skep_unmap_memory(UnsafeMutableRawPointer(mutating: address), UInt(range.count))
                }
            }
        }
        return OwnedBytes(try read(descriptor: file.rawValue, path: path, limit: limit))
    }

    /// Replaces a file's contents, making it where it is missing.
    public static func write(_ bytes: [UInt8], to path: String) throws(LinuxError) {
        let file = try FileDescriptor.open(path, .replace)
        do throws(LinuxError) {
            try file.write(bytes)
        } catch {
            throw LinuxError(error.errno, call: "write", path: path)
        }
    }

    /// Writes to an existing file without cutting it, as files of /proc, /sys and cgroups want it.
    public static func writeControl(_ text: String, to path: String) throws(LinuxError) {
        let file = try FileDescriptor.open(path, .write)
        let bytes = [UInt8](text.utf8)
        let answer = bytes.withUnsafeBytes { buffer in
            retryingInterrupts { skep_write(file.rawValue, buffer.baseAddress, UInt(buffer.count)) }
        }
        _ = try checked(answer, "write", path: path)
    }

    /// Whether something is at a path, whatever it is.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0
    }

    /// Makes a directory; one that is there already is fine.
    public static func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(LinuxError) {
        let answer = Glibc.mkdir(path, mode)
        let number = Glibc.errno
        if answer != 0, number != EEXIST { throw LinuxError(Errno(rawValue: number), call: "mkdir", path: path) }
    }

    /// Removes a file, or an empty directory.
    public static func remove(_ path: String) throws(LinuxError) {
        if Glibc.remove(path) != 0 { throw LinuxError(Errno(rawValue: Glibc.errno), call: "remove", path: path) }
    }

    /// Where a symbolic link points to.
    public static func linkTarget(_ path: String) throws(LinuxError) -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { readlink(path, $0, text.count) } ?? -1
            }
        }
        if count < 0 { throw LinuxError(Errno(rawValue: Glibc.errno), call: "readlink", path: path) }
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    /// The device and inode numbers of what a path leads to.
    public static func identity(_ path: String) throws(LinuxError) -> (device: UInt64, inode: UInt64) {
        var status = stat()
        if stat(path, &status) != 0 { throw LinuxError(Errno(rawValue: Glibc.errno), call: "stat", path: path) }
        return (UInt64(status.st_dev), UInt64(status.st_ino))
    }
}
