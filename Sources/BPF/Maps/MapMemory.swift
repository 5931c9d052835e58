// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux

/// A map's values in this process's memory, shared with the programs: no system call reads or writes them.
///
/// Arrays have it when they are made with `BPF_F_MMAPABLE` (Linux 5.5), arenas always (Linux 6.9). Elements of an array
/// follow each other at a distance of ``stride`` bytes.
///
/// Programs change the bytes at any time: a value of up to 8 bytes at its natural alignment is read whole, of larger
/// ones parts may be from before and after a change.
///
/// ```swift
/// let memory = try object.map(named: "counters").memory()
/// print(memory.load(at: 3 * memory.stride, as: UInt64.self) ?? 0)
/// ```
public final class MapMemory: @unchecked Sendable {
    // Sound: the range is only accessed through checked copies, which tolerate that programs write at the same time.

    private let mapping: MemoryMapping
    /// The number of bytes.
    public let count: Int
    /// The distance between two elements of an array in bytes: the value's size rounded up to 8.
    public let stride: Int

    init(_ mapping: consuming MemoryMapping, count: Int, stride: Int) {
        self.mapping = mapping
        self.count = count
        self.stride = stride
    }

    /// The address of the first byte in this process; programs of an arena use the same for its pointers.
    public var address: UInt64 { UInt64(UInt(bitPattern: mapping.address)) }

    /// Copies bytes.
    ///
    /// - Returns: `nil` when they do not all lie inside.
    public func bytes(at offset: Int, count: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else { return nil }
        return [UInt8](UnsafeRawBufferPointer(start: mapping.address + offset, count: count))
    }

    /// Writes bytes.
    ///
    /// - Returns: `false`, with nothing written, when they would not all lie inside.
    @discardableResult
    public func write(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, offset <= count, bytes.count <= count - offset else { return false }
        bytes.withUnsafeBytes { source in
            UnsafeMutableRawBufferPointer(start: mapping.address + offset, count: bytes.count).copyMemory(from: source)
        }
        return true
    }

    /// Reads a value that is laid out like the C one.
    ///
    /// - Returns: `nil` when it does not lie inside.
    public func load<Value: BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value? {
        guard offset >= 0, offset <= count, MemoryLayout<Value>.size <= count - offset else { return nil }
        return UnsafeRawPointer(mapping.address + offset).loadUnaligned(as: Value.self)
    }

    /// Writes a value that is laid out like the C one.
    ///
    /// - Returns: `false`, with nothing written, when it would not lie inside.
    @discardableResult
    public func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) -> Bool {
        guard offset >= 0, offset <= count, MemoryLayout<Value>.size <= count - offset else { return false }
        (mapping.address + offset).storeBytes(of: value, as: Value.self)
        return true
    }
}

extension UntypedMap {
    /// Maps the values of an array into this process, or gives an arena's memory.
    ///
    /// - Throws: ``BPFError`` when the map was made without `BPF_F_MMAPABLE`, is frozen, or the kernel refuses.
    /// - Note: arrays Linux 5.5, arenas 6.9.
    public func memory() throws(BPFError) -> MapMemory {
        if let arenaMemory {
            guard flags & MapFlags.signalOnFault == 0 else {
                throw BPFError(
                    .invalidArgument,
                    "the arena \(name) sends a signal to whoever reads a page that was not allocated, so its memory is not given out",
                    hint: "make it without BPF_F_SEGV_ON_FAULT")
            }
            return arenaMemory
        }
        guard kind == .array, flags & MapFlags.memoryMappable != 0 else {
            throw BPFError(
                .invalidArgument, "the \(kind) \(name) cannot be mapped into memory",
                context: [.init("map", name)],
                hint: kind == .array ? "make it with BPF_F_MMAPABLE" : "only arrays and arenas can")
        }
        let stride = (valueSize + 7) / 8 * 8
        let (count, overflow) = stride.multipliedReportingOverflow(by: Int(maximumEntries))
        let page = MemoryMapping.pageSize
        guard !overflow, count <= Int.max - page else {
            throw BPFError(.invalidArgument, "the array \(name) is too large to be mapped")
        }
        do throws(LinuxError) {
            let mapping = try MemoryMapping(
                of: rawDescriptor, count: (count + page - 1) / page * page, writable: true)
            return MapMemory(mapping, count: count, stride: stride)
        } catch {
            throw BPFError.system(error, "cannot map the array \(name) into memory", context: [.init("map", name)])
        }
    }
}
