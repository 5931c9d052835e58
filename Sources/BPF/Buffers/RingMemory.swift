// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux
import Synchronization

/// The memory of a ring buffer map: a page with the reader's position, a page with the writer's, and the data twice in
/// a row, so that a record that goes over the end is in one piece.
///
/// - Note: `ringbuf_map_mmap_kern` and `ringbuf_map_mmap_user` in `kernel/bpf/ringbuf.c`.
struct RingMemory: ~Copyable, @unchecked Sendable {
    // Sound: the value owns the mappings; the positions are shared with the kernel and only accessed atomically.

    /// Who writes the records.
    enum Writer {
        /// Programs (``BPF_MAP_TYPE_RINGBUF``): this process writes the reader's position.
        case programs
        /// This process (``BPF_MAP_TYPE_USER_RINGBUF``): it writes the data and the writer's position.
        case process
    }

    /// `BPF_F_RB_OVERWRITE`, Linux 6.19: positions then run ahead of the data.
    private static var overwrites: UInt32 { 1 << 19 }

    /// The size of the data in bytes, a power of 2.
    let size: Int
    let descriptor: FileDescriptor
    let consumer: UnsafeMutablePointer<Atomic<UInt64>>
    let producer: UnsafeMutablePointer<Atomic<UInt64>>
    let data: UnsafeMutableRawPointer
    private let consumerMapping: MemoryMapping
    private let producerMapping: MemoryMapping

    /// Maps the memory behind a map's descriptor, which is duplicated.
    ///
    /// - Throws: ``BPFError`` with the code `invalidArgument` when the map is of another kind, `refused` when it may not
    ///   be mapped.
    init(mapDescriptor: Int32, writer: Writer) throws(BPFError) {
        let information: MapInformation
        do throws(LinuxError) {
            information = try BPFSystemCall.mapInformation(of: mapDescriptor)
        } catch {
            throw BPFError.system(error, "cannot open the ring buffer")
        }
        let context = [DiagnosticContext("map", information.name)]
        let size = Int(information.maxEntries)
        let (kind, name): (UInt32, String) =
            writer == .programs ? (27, "a ring buffer") : (31, "a ring buffer of user space")
        guard information.kind == kind, size > 0, size & (size - 1) == 0 else {
            throw BPFError(.invalidArgument, "the map is not \(name)", context: context)
        }
        guard information.flags & Self.overwrites == 0 else {
            throw BPFError(
                .notSupported, "a ring buffer that overwrites old records cannot be read while programs write",
                context: context, hint: "leave out the flag BPF_F_RB_OVERWRITE")
        }
        do throws(LinuxError) {
            try self.init(FileDescriptor.duplicating(mapDescriptor), size: size, writer: writer)
        } catch {
            throw BPFError.system(error, "cannot map the ring buffer's memory", context: context)
        }
    }

    private init(_ descriptor: consuming FileDescriptor, size: Int, writer: Writer) throws(LinuxError) {
        let page = MemoryMapping.pageSize
        let consumerMapping = try MemoryMapping(
            of: descriptor.rawValue, count: page, writable: writer == .programs)
        let producerMapping = try MemoryMapping(
            of: descriptor.rawValue, count: page + 2 * size, offset: page, writable: writer == .process)
        consumer = consumerMapping.address.assumingMemoryBound(to: Atomic<UInt64>.self)
        producer = producerMapping.address.assumingMemoryBound(to: Atomic<UInt64>.self)
        data = producerMapping.address + page
        self.descriptor = descriptor
        self.consumerMapping = consumerMapping
        self.producerMapping = producerMapping
        self.size = size
    }
}
