// SPDX-License-Identifier: Apache-2.0

/// One entry of an executable's or library's program header table (`Elf64_Phdr`).
public struct ELFSegment: Sendable, Hashable {
    /// The type (`PT_*`), such as ``load``.
    public let type: UInt32
    /// The permissions: 1 execute, 2 write, 4 read.
    public let flags: UInt32
    /// The byte offset of the contents in the file.
    public let offset: UInt64
    /// The address in memory, before the load bias.
    public let address: UInt64
    /// The number of bytes in the file.
    public let fileSize: UInt64
    /// The number of bytes in memory; what exceeds ``fileSize`` is zero.
    public let memorySize: UInt64
    /// The alignment in bytes.
    public let alignment: UInt64

    /// The segment holds machine instructions.
    public var isExecutable: Bool { flags & 1 != 0 }

    /// A segment that is mapped into memory (`PT_LOAD`).
    public static let load: UInt32 = 1
    /// Notes (`PT_NOTE`).
    public static let note: UInt32 = 4
}
