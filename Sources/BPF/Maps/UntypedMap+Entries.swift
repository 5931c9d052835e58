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
    /// What holds while programs change the map at the same time: an entry that is there from the beginning to the end is
    /// answered once, and no key is answered twice. One that is added or removed meanwhile may be answered or not.
    /// The work is bounded: when keys are removed so fast that reading one by one cannot keep up, an error says so.
    ///
    /// - Throws: ``BPFError`` when the kernel refuses, the map's kind has no list of keys, or it changed too fast.
    /// - Complexity: O(entries); one system call per 256 entries where the kernel has batches (hashes, arrays and tries
    ///   5.6, per-CPU arrays 5.13), else two per entry.
    public func entries() throws(BPFError) -> [Entry] {
        try requireListableKeys()
        if Self.kindsWithBatches.contains(kind), let batch = try batchEntries(removing: false) { return batch }
        var found: [Entry] = []
        try forEachKey { key throws(BPFError) in
            guard let bytes = try value(for: key) else { return false }
            found.append(Entry(key: key, values: split(bytes)))
            return true
        }
        return found
    }

    /// The kinds whose entries the kernel can copy in batches, on some version.
    static let kindsWithBatches: Set<MapKind> = [
        .hash, .leastRecentlyUsedHash, .perCPUHash, .leastRecentlyUsedPerCPUHash, .array, .perCPUArray,
        .longestPrefixMatchTrie, .hashOfMaps, .arrayOfMaps, .resizableHash,
    ]

    /// Reads all keys; what holds is told at ``entries()``. Works for maps whose values cannot be read, too.
    ///
    /// - Complexity: O(keys), one system call each.
    public func keys() throws(BPFError) -> [[UInt8]] {
        try requireListableKeys()
        var found: [[UInt8]] = []
        try forEachKey { key throws(BPFError) in
            found.append(key)
            return true
        }
        return found
    }

    /// Walks over the keys, each once.
    ///
    /// The kernel goes on from a key; from one that was removed it starts anew. So the walk goes on from the last key
    /// that was still there, and goes through keys that it knows after a new start.
    ///
    /// - Parameter body: gets a key; answers whether it is still there.
    private func forEachKey(_ body: ([UInt8]) throws(BPFError) -> Bool) throws(BPFError) {
        var seen: Set<[UInt8]> = []
        var last: [UInt8]?
        let capacity = Int(maximumEntries)
        var steps = capacity.multipliedReportingOverflow(by: 8).partialValue &+ 1024
        // Attachments are in a list that never starts anew; some kernels (6.16 to 6.18.15) run over its end and answer a
        // key that there is not.
        let isAttachmentList = kind == .deprecatedCgroupStorage || kind == .perCPUCgroupStorage
        while let next = try key(after: last) {
            if isAttachmentList {
                if seen.contains(next) { break }
                guard try value(for: next) != nil else { break }
            }
            steps -= 1
            guard steps > 0 else {
                throw BPFError(
                    .system, "the entries of map \(name) change faster than they can be read one by one",
                    context: [.init("map", name), .init("kind", kind.description)], hint: "read them again later")
            }
            if seen.contains(next) {
                // Known already: the walk was sent back to the start.
                last = next
                continue
            }
            // A key that has gone again is no place to go on from; an index always is.
            guard try body(next) || kind.hasIndices else { continue }
            seen.insert(next)
            last = next
            if kind.hasIndices, seen.count >= capacity { return }
        }
    }

    /// Reads all entries and removes them.
    ///
    /// With batches (hashes, Linux 5.6) this is one step for each batch, so that nothing that a program adds to a value
    /// is lost in between. Else each entry is taken out in one step (Linux 5.14), and on older kernels read and then
    /// removed, where a change in between is lost.
    ///
    /// - Returns: the entries, or `nil` when entries of the map's kind cannot be removed, as those of arrays.
    /// - Throws: ``BPFError`` when the kernel refuses.
    public func drainEntries() throws(BPFError) -> [Entry]? {
        if kind.isArray { return nil }
        try requireListableKeys()
        if Self.kindsWithBatches.contains(kind), let batch = try batchEntries(removing: true) { return batch }
        var found: [Entry] = []
        var takes = true
        var steps = Int(maximumEntries).multipliedReportingOverflow(by: 2).partialValue &+ 1024
        while steps > 0, let key = try key(after: nil) {
            steps -= 1
            if takes {
                do throws(BPFError) {
                    if let bytes = try takeValue(for: key) { found.append(Entry(key: key, values: split(bytes))) }
                    continue
                } catch {
                    guard error.code == .notSupported else { throw error }
                    takes = false
                }
            }
            guard let bytes = try value(for: key) else { continue }
            if try removeValue(for: key) { found.append(Entry(key: key, values: split(bytes))) }
        }
        return found
    }

    private func requireListableKeys() throws(BPFError) {
        guard !kind.hasListableKeys else { return }
        let hint =
            switch kind {
            case .queue, .stack: "take values out with pop()"
            case .bloomFilter: "ask for a value with contains()"
            case .ringBuffer: "read its records with RingBuffer"
            case .userRingBuffer: "programs read it; send with UserRingBuffer"
            case .arena: "look at its memory() instead"
            default: "ask for the object that you know: its descriptor is the key; an iterator program lists them all"
            }
        throw BPFError(
            .invalidArgument, "the \(kind) map \(name) has no list of keys",
            context: [.init("map", name), .init("kind", kind.description)], hint: hint)
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

    /// Removes all entries, and pops all values; arrays are set to zero instead.
    ///
    /// - Complexity: O(entries), two system calls each.
    public func clear() throws(BPFError) {
        if kind.isArray {
            let zero = [UInt8](repeating: 0, count: entryValueSize)
            for entry in try entries() { try setValue(zero, for: entry.key) }
            return
        }
        if kind == .queue || kind == .stack {
            for _ in 0...Int(maximumEntries) where try pop() == nil { return }
            return
        }
        try requireListableKeys()
        // Keys that programs add meanwhile may stay, so that this ends.
        for _ in 0..<Int(maximumEntries).multipliedReportingOverflow(by: 2).partialValue &+ 1024 {
            guard let key = try key(after: nil) else { return }
            try removeValue(for: key)
        }
    }

    /// Cuts what a look-up answered into one value per CPU.
    func split(_ value: [UInt8]) -> [[UInt8]] {
        guard valuesPerEntry > 1 || kind.isPerCPU else { return [value] }
        return (0..<valuesPerEntry).map { cpu in
            let start = cpu * valueStride
            return Array(value[start..<start + valueSize])
        }
    }

    /// The most bytes of values that one batch may have: per-CPU values of many processors are large.
    private static var batchLimit: Int { 32 << 20 }

    private func batchEntries(removing: Bool) throws(BPFError) -> [Entry]? {
        // A hash bucket must fit in one batch, else the kernel answers ENOSPC.
        let most = max(Self.batchLimit / max(entryValueSize + keySize, 1), 1)
        var capacity = min(max(Int(maximumEntries), 1), 256, most)
        var keys = [UInt8](repeating: 0, count: capacity * keySize)
        var values = [UInt8](repeating: 0, count: capacity * entryValueSize)
        var found: [Entry] = []
        // A hash's batches never tell a key twice; other kinds go on from a key and may start anew.
        var seen: Set<[UInt8]>? = kind == .longestPrefixMatchTrie || kind == .resizableHash ? [] : nil
        var steps = Int(maximumEntries).multipliedReportingOverflow(by: 8).partialValue &+ 1024
        // The kernel's cursor: an index for arrays, a bucket for hash maps.
        var cursor = [UInt8](repeating: 0, count: max(keySize, 8))
        var isFirst = true
        while true {
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
                if error.errno == .noSpace, capacity < most {
                    capacity = min(capacity * 4, most)
                    keys = [UInt8](repeating: 0, count: capacity * keySize)
                    values = [UInt8](repeating: 0, count: capacity * entryValueSize)
                    continue
                }
                // Kernels before 5.6, kinds without batches, and buckets too large for one: the entries come one by one,
                // but not when some were taken out already. Before 6.15 a slot that is empty or was emptied at this
                // moment answers EINTR.
                let causes: [Errno] = [.invalidArgument, .notSupported, .kernelNotSupported, .interrupted, .noSpace]
                if causes.contains(error.errno), !removing || found.isEmpty { return nil }
                throw BPFError.system(error, "cannot read the entries of map \(name)", context: [.init("map", name)])
            }
            for index in 0..<min(outcome.count, capacity) {
                let key = Array(keys[index * keySize..<(index + 1) * keySize])
                if seen?.insert(key).inserted == false { continue }
                let value = Array(values[index * entryValueSize..<(index + 1) * entryValueSize])
                found.append(Entry(key: key, values: split(value)))
            }
            steps -= max(outcome.count, 1)
            guard !outcome.isComplete, steps > 0 else { return found }
            cursor = next
            isFirst = false
        }
    }
}
