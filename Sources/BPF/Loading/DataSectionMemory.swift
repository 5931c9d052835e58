// SPDX-License-Identifier: Apache-2.0

import Linux

/// The memory of a section of global variables, shared with the programs that use it.
///
/// - Note: `BPF_F_MMAPABLE`, Linux 5.5.
final class DataSectionMemory: Sendable {
    private let memory: MapMemory
    private let count: Int

    /// Maps the one value of an array map.
    ///
    /// - Parameter count: the section's size in bytes.
    init(map descriptor: Int32, count: Int) throws(LinuxError) {
        let page = MemoryMapping.pageSize
        let mapping = try MemoryMapping(of: descriptor, count: (count + page - 1) / page * page, writable: true)
        memory = MapMemory(mapping, count: count, stride: count)
        self.count = count
    }

    /// The first bytes of an arena.
    init(arena: MapMemory, count: Int) {
        memory = arena
        self.count = min(count, arena.count)
    }

    func read(offset: Int, count: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else { return nil }
        return memory.bytes(at: offset, count: count)
    }

    func write(_ bytes: [UInt8], offset: Int) -> Bool {
        guard offset >= 0, offset <= count, bytes.count <= count - offset else { return false }
        return memory.write(bytes, at: offset)
    }
}
