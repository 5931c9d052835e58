// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

extension UntypedMap {
    /// A key with its value, or with one value for each possible CPU, as bytes.
    public struct Entry: Sendable {
        /// The key's bytes.
        public var key: [UInt8]
        /// The values' bytes: one, or one for each possible CPU.
        public var values: [[UInt8]]
    }

    /// Reads all entries.
    ///
    /// While programs change the map, an entry may be missed or seen twice, as the kernel's iteration allows; the
    /// number of entries read is bounded by twice the map's capacity.
    ///
    /// - Throws: ``BPFError`` when the kernel refuses.
    /// - Complexity: O(entries); one system call per 256 entries where the kernel has batches (5.6), else two per entry.
    public func entries() throws(BPFError) -> [Entry] {
        switch kind {
        case .hash, .leastRecentlyUsedHash, .perCPUHash, .leastRecentlyUsedPerCPUHash, .array, .perCPUArray:
            if let batch = try batchEntries(removing: false) { return batch }
        default: break
        }
        var found: [Entry] = []
        var key: [UInt8]?
        let limit = Int(maximumEntries) &* 2 &+ 16
        while found.count < limit, let next = try self.key(after: key) {
            if let bytes = try value(for: next) { found.append(Entry(key: next, values: split(bytes))) }
            key = next
        }
        return found
    }

    /// Reads all entries and removes them in one step for each batch, so that no count is lost in between.
    ///
    /// - Returns: the entries, or `nil` when the kernel cannot do this for the map's kind.
    /// - Throws: ``BPFError`` when the kernel refuses.
    /// - Note: Linux 5.6 for hash maps.
    public func drainEntries() throws(BPFError) -> [Entry]? {
        try batchEntries(removing: true)
    }

    /// The key that follows another in the map's order, or the first one.
    public func key(after key: [UInt8]?) throws(BPFError) -> [UInt8]? {
        if let key { try check(key: key) }
        var next = [UInt8](repeating: 0, count: max(keySize, 8))
        let found = try perform("iterate over the entries") { () throws(LinuxError) -> Bool in
            try next.withUnsafeMutableBytesTyped { next throws(LinuxError) in
                guard let key else {
                    return try BPFSystemCall.nextKey(map: rawDescriptor, after: nil, into: next)
                }
                return try withKey(key) { key throws(LinuxError) in
                    try BPFSystemCall.nextKey(map: rawDescriptor, after: key, into: next)
                }
            }
        }
        return found ? Array(next.prefix(keySize)) : nil
    }

    /// Removes all entries; arrays are set to zero instead.
    public func clear() throws(BPFError) {
        if kind == .array || kind == .perCPUArray {
            let zero = [UInt8](repeating: 0, count: entryValueSize)
            for entry in try entries() { try setValue(zero, for: entry.key) }
            return
        }
        while let key = try key(after: nil) { try removeValue(for: key) }
    }

    /// Cuts what a look-up answered into one value per CPU.
    func split(_ value: [UInt8]) -> [[UInt8]] {
        guard valuesPerEntry > 1 || kind.isPerCPU else { return [value] }
        return (0..<valuesPerEntry).map { cpu in
            let start = cpu * valueStride
            return Array(value[start..<start + valueSize])
        }
    }

    private func batchEntries(removing: Bool) throws(BPFError) -> [Entry]? {
        // A hash bucket must fit in one batch, else the kernel answers ENOSPC.
        var capacity = min(max(Int(maximumEntries), 1), 256)
        var found: [Entry] = []
        // The kernel's cursor: an index for arrays, a bucket for hash maps.
        var cursor = [UInt8](repeating: 0, count: max(keySize, 8))
        var isFirst = true
        while true {
            var keys = [UInt8](repeating: 0, count: capacity * keySize)
            var values = [UInt8](repeating: 0, count: capacity * entryValueSize)
            var next = cursor
            let outcome: BPFSystemCall.BatchResult
            do throws(LinuxError) {
                outcome = try keys.withUnsafeMutableBytesTyped { keys throws(LinuxError) in
                    try values.withUnsafeMutableBytesTyped { values throws(LinuxError) in
                        try next.withUnsafeMutableBytesTyped { next throws(LinuxError) in
                            try cursor.withUnsafeBytesTyped { cursor throws(LinuxError) in
                                let start = isFirst ? nil : cursor
                                return removing
                                    ? try BPFSystemCall.lookupAndDeleteBatch(
                                        map: rawDescriptor, from: start, next: next, keys: keys, values: values,
                                        count: capacity)
                                    : try BPFSystemCall.lookupBatch(
                                        map: rawDescriptor, from: start, next: next, keys: keys, values: values,
                                        count: capacity)
                            }
                        }
                    }
                }
            } catch {
                if error.errno == .noSpace, capacity < 1 << 20 {
                    capacity *= 4
                    continue
                }
                // Kernels before 5.6, and kinds without batches.
                if error.errno == .invalidArgument || error.errno == .notSupported || error.errno == .kernelNotSupported
                {
                    return nil
                }
                throw BPFError.system(error, "cannot read the entries of map \(name)", context: [.init("map", name)])
            }
            for index in 0..<min(outcome.count, capacity) {
                let key = Array(keys[index * keySize..<(index + 1) * keySize])
                let value = Array(values[index * entryValueSize..<(index + 1) * entryValueSize])
                found.append(Entry(key: key, values: split(value)))
            }
            guard !outcome.isComplete, found.count <= Int(maximumEntries) &* 2 &+ 16 else { return found }
            cursor = next
            isFirst = false
        }
    }
}
