// SPDX-License-Identifier: Apache-2.0

/// A cpio archive in the "newc" format, which the kernel unpacks as the first file system (initramfs).
///
/// The format is that of the kernel's Documentation/driver-api/early-userspace/buffer-format.rst. Archives are
/// reproducible: files belong to root, carry no time, and stand in the order they were added.
///
/// ```swift
/// var archive = CPIOArchive()
/// archive.add(folder: "dev")
/// archive.add(file: "init", contents: program, isExecutable: true)
/// let bytes = archive.finished()
/// ```
public struct CPIOArchive: Sendable {
    private var bytes: [UInt8] = []
    private var entries: UInt32 = 0

    /// Makes an empty archive.
    public init() {}

    /// Adds an empty folder.
    ///
    /// - Parameter path: its path from the root, without a slash at the start. A parent must have been added before.
    public mutating func add(folder path: String) {
        add(path, mode: 0o040_755, contents: [])
    }

    /// Adds a regular file.
    ///
    /// - Parameters:
    ///   - path: its path from the root, without a slash at the start. Its folder must have been added before.
    ///   - contents: its bytes, fewer than 4 GiB.
    ///   - isExecutable: whether it may be executed.
    public mutating func add(file path: String, contents: [UInt8], isExecutable: Bool = false) {
        add(path, mode: isExecutable ? 0o100_755 : 0o100_644, contents: contents)
    }

    /// Adds a symbolic link.
    ///
    /// - Parameters:
    ///   - path: its path from the root, without a slash at the start. Its folder must have been added before.
    ///   - target: where it leads to.
    public mutating func add(link path: String, to target: String) {
        add(path, mode: 0o120_777, contents: Array(target.utf8))
    }

    /// The bytes of the archive with its trailer.
    public func finished() -> [UInt8] {
        var copy = self
        copy.entries = 0
        copy.add("TRAILER!!!", mode: 0, contents: [])
        return copy.bytes
    }

    private mutating func add(_ path: String, mode: UInt32, contents: [UInt8]) {
        bytes += Array("070701".utf8)
        let name = Array(path.utf8) + [0]
        let links: UInt32 = mode & 0o170_000 == 0o040_000 ? 2 : 1
        // inode, mode, user, group, links, time, size, device major and minor, the same of a device file, name, checksum
        for field: UInt32 in [
            entries, mode, 0, 0, links, 0, UInt32(truncatingIfNeeded: contents.count), 0, 0, 0, 0,
            UInt32(truncatingIfNeeded: name.count), 0,
        ] {
            appendHexadecimal(field)
        }
        entries &+= 1
        bytes += name
        pad()
        bytes += contents
        pad()
    }

    private mutating func appendHexadecimal(_ value: UInt32) {
        let digits = Array("0123456789ABCDEF".utf8)
        for shift in stride(from: UInt32(28), through: 0, by: -4) { bytes.append(digits[Int(value >> shift & 15)]) }
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }
}
