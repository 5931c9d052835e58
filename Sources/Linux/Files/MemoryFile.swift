// SPDX-License-Identifier: Apache-2.0

import CLinux

/// A file in memory that goes with its last descriptor (memfd_create(2)), so that nothing can be left behind.
///
/// ```swift
/// let file = try MemoryFile("initramfs", contents: archive)
/// start("qemu-system-x86_64", "-initrd", file.path)
/// ```
public struct MemoryFile: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// Makes a file with contents.
    ///
    /// - Parameter name: what /proc shows it as.
    public init(_ name: String, contents: [UInt8]) throws(LinuxError) {
        let file = try FileDescriptor.adopting(skep_memory_file(name, 1), "memfd_create")  // MFD_CLOEXEC
        try file.write(contents)
        descriptor = file
    }

    /// A path by which other processes of this user open it, as long as this value lives.
    public var path: String { "/proc/\(Processes.current)/fd/\(descriptor.rawValue)" }
}
