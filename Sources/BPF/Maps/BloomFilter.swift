// SPDX-License-Identifier: Apache-2.0

import BPFObject

/// A set that may be asked whether it holds a value, with few wrong "yes" and no wrong "no"; nothing can be removed.
///
/// ```swift
/// let blocked = try BloomFilter<UInt32>(object.map(named: "blocked"))
/// try blocked.insert(0x0a00_0001)
/// if try blocked.mayContain(address) { … }
/// ```
///
/// - Note: `BPF_MAP_TYPE_BLOOM_FILTER`, Linux 5.16, `kernel/bpf/bloom_filter.c`; the low 4 bits of `map_extra` are the
///   number of hash functions, 5 unless told.
public struct BloomFilter<Value: BitwiseCopyable & Sendable>: Sendable {
    /// The map as bytes.
    public let untyped: UntypedMap

    /// Gives a bloom filter its type.
    ///
    /// - Throws: ``BPFError`` when the map is of another kind or the sizes differ.
    public init(_ map: UntypedMap) throws(BPFError) {
        try MapLayout.require(map, [.bloomFilter], "bloom filter")
        try MapLayout.check(Value.self, ofValuesOf: map)
        untyped = map
    }

    /// Adds a value. A filter never is full, but with more values than it was made for it errs more often.
    public func insert(_ value: Value) throws(BPFError) {
        try untyped.push(MapLayout.bytes(of: value))
    }

    /// Whether a value was added; `true` by chance for a few others.
    public func mayContain(_ value: Value) throws(BPFError) -> Bool {
        try untyped.mayContain(MapLayout.bytes(of: value))
    }
}
