// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics

/// The key of a trie: the first bits of an address, most significant first.
///
/// ```swift
/// let network = PrefixKey(bytes: [10, 1, 0, 0], length: 16)
/// print(network)  // 10.1.0.0/16
/// ```
public struct PrefixKey: Sendable, Hashable, CustomStringConvertible {
    /// How many bits count.
    public let length: UInt32
    /// The address in the order of the network; bits past ``length`` are zero.
    public let bytes: [UInt8]

    /// Makes a key.
    ///
    /// - Parameters:
    ///   - bytes: an address in the order of the network, such as 4 bytes for IPv4 and 16 for IPv6.
    ///   - length: how many bits count; no more than there are. Bits past it are set to zero.
    public init(bytes: [UInt8], length: UInt32) {
        let length = min(length, UInt32(clamping: bytes.count * 8))
        self.length = length
        self.bytes = bytes.enumerated().map { index, byte in
            let kept = Int(length) - index * 8
            return kept >= 8 ? byte : kept <= 0 ? 0 : byte & ~(0xff >> UInt8(kept))
        }
    }

    /// The address with the number of its bits: in the usual form for IPv4, in hexadecimal for others.
    public var description: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") + "/\(length)" }
        var groups: [String] = []
        for start in stride(from: 0, to: bytes.count, by: 2) {
            let pair = bytes[start..<min(start + 2, bytes.count)].reduce(0) { $0 << 8 | Int($1) }
            groups.append(String(pair, radix: 16))
        }
        return groups.joined(separator: ":") + "/\(length)"
    }
}

/// A map whose look-ups find the entry with the longest prefix that an address has: a routing table.
///
/// ```swift
/// let routes = try PrefixTrie<UInt64>(object.map(named: "routes"))
/// try routes.setValue(1, for: PrefixKey(bytes: [10, 0, 0, 0], length: 8))
/// let route = try routes.value(matching: [10, 1, 2, 3])
/// ```
///
/// - Note: `BPF_MAP_TYPE_LPM_TRIE`, Linux 4.11, `kernel/bpf/lpm_trie.c`.
public struct PrefixTrie<Value: BitwiseCopyable & Sendable>: Sendable {
    /// The map as bytes.
    public let untyped: UntypedMap

    /// Gives a trie the type of its values.
    ///
    /// - Throws: ``BPFError`` when the map is of another kind or the sizes differ.
    public init(_ map: UntypedMap) throws(BPFError) {
        try MapLayout.require(map, [.longestPrefixMatchTrie], "trie")
        try MapLayout.check(Value.self, ofValuesOf: map)
        untyped = map
    }

    /// The bytes of an address in this trie: the key without the length before it.
    public var addressSize: Int { untyped.keySize - 4 }

    /// The value of the longest prefix of an address, or `nil` when none matches.
    ///
    /// - Parameter address: ``addressSize`` bytes in the order of the network.
    public func value(matching address: [UInt8]) throws(BPFError) -> Value? {
        let key = try bytes(of: PrefixKey(bytes: address, length: UInt32(clamping: address.count * 8)))
        return try untyped.value(for: key).flatMap { MapLayout.load(Value.self, from: $0) }
    }

    /// Adds or replaces the value of a prefix.
    public func setValue(
        _ value: Value, for key: PrefixKey, mode: UntypedMap.UpdateMode = .any
    ) throws(BPFError) {
        try untyped.setValue(MapLayout.bytes(of: value), for: bytes(of: key), mode: mode)
    }

    /// Removes exactly this prefix; answers whether it was there.
    @discardableResult
    public func removeValue(for key: PrefixKey) throws(BPFError) -> Bool {
        try untyped.removeValue(for: bytes(of: key))
    }

    /// All prefixes with their values.
    ///
    /// - Note: listing the keys of a trie needs Linux 4.16.
    public func entries() throws(BPFError) -> [(key: PrefixKey, value: Value)] {
        try untyped.entries().compactMap { entry in
            guard let length = MapLayout.load(UInt32.self, from: entry.key),
                let value = entry.values.first.flatMap({ MapLayout.load(Value.self, from: $0) })
            else { return nil }
            return (PrefixKey(bytes: Array(entry.key.dropFirst(4)), length: length), value)
        }
    }

    private func bytes(of key: PrefixKey) throws(BPFError) -> [UInt8] {
        guard key.bytes.count == addressSize else {
            throw BPFError(
                .invalidArgument,
                "an address of the trie \(untyped.name) has \(addressSize) bytes, but \(key.bytes.count) were given",
                context: [.init("map", untyped.name)])
        }
        return MapLayout.bytes(of: key.length) + key.bytes
    }
}
