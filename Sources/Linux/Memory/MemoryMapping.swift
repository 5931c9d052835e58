// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// A range of mapped memory that is unmapped when its owner goes away.
///
/// ```swift
/// let page = try MemoryMapping(of: map.rawValue, count: 4096, writable: true)
/// ```
public struct MemoryMapping: ~Copyable, @unchecked Sendable {
    // Sound: the range belongs to this value alone; how its bytes are shared with the kernel is its user's concern.

    /// The first byte.
    public let address: UnsafeMutableRawPointer
    /// The number of bytes.
    public let count: Int

    /// Maps `count` bytes of a file, a map or a perf event, shared with the kernel.
    ///
    /// - Parameters:
    ///   - descriptor: what to map.
    ///   - count: bytes, a multiple of the page size for maps and events.
    ///   - offset: where in the file, a multiple of the page size.
    ///   - writable: whether the bytes can be written.
    /// - Throws: the answer of mmap(2).
    public init(of descriptor: Int32, count: Int, offset: Int = 0, writable: Bool) throws(LinuxError) {
        try self.init(
            descriptor, count: count, offset: offset, protection: writable ? PROT_READ | PROT_WRITE : PROT_READ,
            flags: MAP_SHARED)
    }

    /// Maps `count` bytes of a map at an address where nothing is mapped yet, shared with the kernel.
    ///
    /// - Throws: `EEXIST` when something is mapped there.
    public init(of descriptor: Int32, count: Int, at address: UInt64) throws(LinuxError) {
        guard count > 0, let place = UInt(exactly: address) else { throw LinuxError(.invalidArgument, call: "mmap") }
        // MAP_FIXED_NOREPLACE, Linux 4.17.
        let answer = skep_map_memory(
            place, UInt(count), PROT_READ | PROT_WRITE, MAP_SHARED | 0x100000, descriptor, 0)
        guard answer > 0, let start = UnsafeMutableRawPointer(bitPattern: answer) else {
            throw LinuxError(answer == 0 ? .noMemory : Errno(answer: answer), call: "mmap")
        }
        self.address = start
        self.count = count
    }

    /// Maps fresh zeroed memory.
    public init(anonymous count: Int) throws(LinuxError) {
        try self.init(-1, count: count, offset: 0, protection: PROT_READ | PROT_WRITE, flags: MAP_PRIVATE | 0x20)
    }

    init(
        _ descriptor: Int32, count: Int, offset: Int, protection: Int32, flags: Int32
    ) throws(LinuxError) {
        guard count > 0, offset >= 0 else { throw LinuxError(.invalidArgument, call: "mmap") }
        let answer = skep_map_memory(0, UInt(count), protection, flags, descriptor, UInt(offset))
        // Addresses are below 2^63 on every 64-bit Linux; only the last page of numbers is errors.
        guard answer > 0, let address = UnsafeMutableRawPointer(bitPattern: answer) else {
            throw LinuxError(answer == 0 ? .noMemory : Errno(answer: answer), call: "mmap")
        }
        self.address = address
        self.count = count
    }

    deinit {
        _ = skep_unmap_memory(address, UInt(count))
    }

    /// Gives the range away: the caller unmaps it.
    consuming func release() -> UnsafeMutableRawBufferPointer {
        let range = UnsafeMutableRawBufferPointer(start: address, count: count)
        discard self
        return range
    }

    /// The size of a page in bytes.
    public static let pageSize = max(4096, sysconf(Int32(_SC_PAGESIZE)))
}
