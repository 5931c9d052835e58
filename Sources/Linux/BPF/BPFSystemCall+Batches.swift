// SPDX-License-Identifier: Apache-2.0

import CLinux

extension BPFSystemCall {
    /// How far a batch command came.
    public struct BatchResult: Sendable, Hashable {
        /// The entries that were read, written or removed.
        public let count: Int
        /// Whether the map's end was reached (only reads end).
        public let isComplete: Bool
    }

    /// Copies many entries (`BPF_MAP_LOOKUP_BATCH`, Linux 5.6).
    ///
    /// - Parameters:
    ///   - map: the map's descriptor.
    ///   - position: where to go on, `nil` for the start; as large as a key, and at least 4 bytes.
    ///   - next: is set to where the next call goes on; may be the same memory as `position`.
    ///   - keys: room for `count` keys.
    ///   - values: room for `count` values (per-CPU maps: each rounded up to 8, times the possible CPUs).
    ///   - count: how many entries fit.
    ///   - flags: `elem_flags`, such as `BPF_F_LOCK`.
    /// - Throws: `ENOSPC` when a hash bucket holds more than `count` entries: try again with more room.
    public static func lookupBatch(
        map: Int32, from position: UnsafeRawPointer?, next: UnsafeMutableRawPointer, keys: UnsafeMutableRawPointer,
        values: UnsafeMutableRawPointer, count: Int, flags: UInt64 = 0
    ) throws(LinuxError) -> BatchResult {
        try readBatch(.lookupBatch, map, position, next, keys, values, count, flags)
    }

    /// Copies many entries and removes them (`BPF_MAP_LOOKUP_AND_DELETE_BATCH`, Linux 5.6, hash maps); parameters as
    /// in ``lookupBatch(map:from:next:keys:values:count:flags:)``.
    public static func lookupAndDeleteBatch(
        map: Int32, from position: UnsafeRawPointer?, next: UnsafeMutableRawPointer, keys: UnsafeMutableRawPointer,
        values: UnsafeMutableRawPointer, count: Int, flags: UInt64 = 0
    ) throws(LinuxError) -> BatchResult {
        try readBatch(.lookupAndDeleteBatch, map, position, next, keys, values, count, flags)
    }

    /// Writes many entries (`BPF_MAP_UPDATE_BATCH`, Linux 5.6).
    ///
    /// - Returns: how many entries were written, and the error that stopped it, if any.
    public static func updateBatch(
        map: Int32, keys: UnsafeRawPointer, values: UnsafeRawPointer, count: Int, flags: UInt64 = 0
    ) -> (count: Int, error: LinuxError?) {
        var attributes = batchAttributes(map, keys, values, count, flags)
        let answer = call(.updateBatch, &attributes)
        return written(attributes, of: count, answer, .updateBatch)
    }

    /// Removes many keys (`BPF_MAP_DELETE_BATCH`, Linux 5.6).
    ///
    /// - Returns: how many keys were removed, and the error that stopped it, if any (`ENOENT` for a missing key).
    public static func deleteBatch(
        map: Int32, keys: UnsafeRawPointer, count: Int, flags: UInt64 = 0
    ) -> (count: Int, error: LinuxError?) {
        var attributes = batchAttributes(map, keys, nil, count, flags)
        let answer = call(.deleteBatch, &attributes)
        return written(attributes, of: count, answer, .deleteBatch)
    }

    private static func written(
        _ attributes: skep_map_batch, of count: Int, _ answer: Int, _ command: BPFCommand
    ) -> (count: Int, error: LinuxError?) {
        if answer >= 0 { return (Int(attributes.count), nil) }
        // A command that fails before its first entry leaves the count as it was.
        let done = Int(attributes.count)
        return (done < count ? done : 0, failure(answer, command))
    }

    private static func batchAttributes(
        _ map: Int32, _ keys: UnsafeRawPointer, _ values: UnsafeRawPointer?, _ count: Int, _ flags: UInt64
    ) -> skep_map_batch {
        var attributes = skep_map_batch()
        attributes.map_fd = UInt32(bitPattern: map)
        attributes.keys = address(keys)
        attributes.values = address(values)
        attributes.count = UInt32(clamping: count)
        attributes.elem_flags = flags
        return attributes
    }

    private static func readBatch(
        _ command: BPFCommand, _ map: Int32, _ position: UnsafeRawPointer?, _ next: UnsafeMutableRawPointer,
        _ keys: UnsafeMutableRawPointer, _ values: UnsafeMutableRawPointer, _ count: Int, _ flags: UInt64
    ) throws(LinuxError) -> BatchResult {
        var attributes = batchAttributes(map, UnsafeRawPointer(keys), UnsafeRawPointer(values), count, flags)
        attributes.in_batch = address(position)
        attributes.out_batch = address(UnsafeRawPointer(next))
        let answer = call(command, &attributes)
        if answer >= 0 { return BatchResult(count: Int(attributes.count), isComplete: false) }
        // The end of the map is told by ENOENT, and entries may have been copied all the same.
        if answer == -Int(Errno.noSuchFileOrDirectory.rawValue) {
            return BatchResult(count: Int(attributes.count), isComplete: true)
        }
        throw failure(answer, command)
    }
}
