// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

extension UntypedMap {
    /// Adds or replaces many entries, in as few system calls as the kernel allows.
    ///
    /// - Parameters:
    ///   - entries: keys of ``keySize`` bytes with values of ``entryValueSize`` bytes: for per-CPU maps one for each
    ///     possible CPU, each rounded up to 8 bytes.
    ///   - mode: whether the keys may or must exist.
    /// - Throws: ``BPFError`` at the first entry that the kernel refuses; the ones before it are written.
    /// - Complexity: O(entries); one system call for all where the kernel has batches for the kind (Linux 5.6), else one
    ///   for each.
    public func setValues(_ entries: [(key: [UInt8], value: [UInt8])], mode: UpdateMode = .any) throws(BPFError) {
        for entry in entries {
            try check(key: entry.key)
            guard entry.value.count == entryValueSize else {
                throw BPFError(
                    .invalidArgument,
                    "a value of map \(name) has \(entryValueSize) bytes, but \(entry.value.count) were given")
            }
        }
        var done = 0
        if entries.count > 1, Self.kindsWithBatches.contains(kind) {
            let keys = Array(entries.lazy.map(\.key).joined())
            let values = Array(entries.lazy.map(\.value).joined())
            done = keys.withUnsafeBytesTyped { keys in
                values.withUnsafeBytesTyped { values in
                    BPFSystemCall.updateBatch(
                        map: rawDescriptor, keys: keys, values: values, count: entries.count, flags: mode.rawValue
                    ).count
                }
            }
        }
        // What is left fails one by one, with the reason, or the kernel has no batches for this kind.
        for entry in entries.dropFirst(done) { try setValue(entry.value, for: entry.key, mode: mode) }
    }

    /// Removes many keys, in as few system calls as the kernel allows.
    ///
    /// - Returns: how many were there.
    /// - Throws: ``BPFError`` when the kernel refuses; the ones before may be removed.
    /// - Complexity: as ``setValues(_:mode:)``; a key that is missing costs one more call.
    @discardableResult
    public func removeValues(for keys: [[UInt8]]) throws(BPFError) -> Int {
        for key in keys { try check(key: key) }
        var removed = 0
        var position = 0
        var hasBatches = Self.kindsWithBatches.contains(kind)
        while position < keys.count {
            if hasBatches, keys.count - position > 1 {
                let bytes = Array(keys[position...].joined())
                let outcome = bytes.withUnsafeBytesTyped { bytes in
                    BPFSystemCall.deleteBatch(map: rawDescriptor, keys: bytes, count: keys.count - position)
                }
                removed += outcome.count
                position += outcome.count
                guard let error = outcome.error else { continue }
                hasBatches = error.errno == .noSuchFileOrDirectory
            }
            guard position < keys.count else { break }
            if try removeValue(for: keys[position]) { removed += 1 }
            position += 1
        }
        return removed
    }
}
