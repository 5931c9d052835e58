// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics

/// A map with the Swift types of its keys and values, checked once against the kernel's sizes and the object's types.
///
/// `Key` and `Value` are trivial types laid out like the C ones: integers, or structs whose members have the same
/// order and sizes.
///
/// ```swift
/// let counts = try Map<UInt32, UInt64>(object.map(named: "counts"))
/// try counts.setValue(0, for: 42)
/// for (pid, count) in try counts.entries() { print(pid, count) }
/// ```
public struct Map<Key: BitwiseCopyable & Sendable, Value: BitwiseCopyable & Sendable>: Sendable {
    /// The map as bytes.
    public let untyped: UntypedMap

    /// Gives a map its types.
    ///
    /// - Throws: ``BPFError`` when the sizes differ, or when an integer has another signedness than the object's type.
    public init(_ map: UntypedMap) throws(BPFError) {
        try MapLayout.check(
            Key.self, size: map.keySize, type: map.keyType, types: map.types, what: "key", map: map.name)
        try MapLayout.check(
            Value.self, size: map.valueSize, type: map.valueType, types: map.types, what: "value", map: map.name)
        untyped = map
    }

    /// Looks up a key; for per-CPU maps this is the first CPU's value.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - locked: whether to take the value's `struct bpf_spin_lock` (Linux 5.1).
    /// - Returns: the value, or `nil` when there is no such key.
    /// - Throws: ``BPFError`` when the kernel refuses.
    public func value(for key: Key, locked: Bool = false) throws(BPFError) -> Value? {
        guard let bytes = try untyped.value(for: MapLayout.bytes(of: key), locked: locked) else { return nil }
        return MapLayout.load(Value.self, from: bytes)
    }

    /// Looks up a key of a per-CPU map.
    ///
    /// - Returns: one value for each possible CPU, or `nil` when there is no such key.
    /// - Throws: ``BPFError`` when the kernel refuses.
    public func valuesPerCPU(for key: Key) throws(BPFError) -> [Value]? {
        guard let bytes = try untyped.value(for: MapLayout.bytes(of: key)) else { return nil }
        return untyped.split(bytes).compactMap { MapLayout.load(Value.self, from: $0) }
    }

    /// Adds or replaces an entry; for per-CPU maps every CPU gets the value.
    ///
    /// - Throws: ``BPFError`` when the kernel refuses: the map is full, frozen, or the key breaks the mode.
    public func setValue(
        _ value: Value, for key: Key, mode: UntypedMap.UpdateMode = .any, locked: Bool = false
    ) throws(BPFError) {
        try untyped.setValue(entryBytes(of: value), for: MapLayout.bytes(of: key), mode: mode, locked: locked)
    }

    /// Gives each CPU a value of its own in a per-CPU map.
    ///
    /// - Parameter values: one for each possible CPU.
    /// - Throws: ``BPFError`` when their number is another, or the kernel refuses.
    public func setValuesPerCPU(
        _ values: [Value], for key: Key, mode: UntypedMap.UpdateMode = .any
    ) throws(BPFError) {
        guard untyped.kind.isPerCPU, values.count == untyped.valuesPerEntry else {
            throw BPFError(
                .invalidArgument,
                "an entry of map \(untyped.name) has \(untyped.valuesPerEntry) values, but \(values.count) were given",
                context: [.init("map", untyped.name)])
        }
        let bytes = Array(values.lazy.map { padded($0) }.joined())
        try untyped.setValue(bytes, for: MapLayout.bytes(of: key), mode: mode)
    }

    /// Adds or replaces many entries; see ``UntypedMap/setValues(_:mode:)``.
    public func setValues(_ entries: [(key: Key, value: Value)], mode: UntypedMap.UpdateMode = .any) throws(BPFError) {
        try untyped.setValues(
            entries.map { (MapLayout.bytes(of: $0.key), entryBytes(of: $0.value)) }, mode: mode)
    }

    /// Reads a value and removes its key in one step; for per-CPU maps this is the first CPU's value.
    ///
    /// - Returns: the value, or `nil` when there is no such key.
    /// - Throws: ``BPFError`` with the code `notSupported` before Linux 5.14.
    public func takeValue(for key: Key) throws(BPFError) -> Value? {
        try untyped.takeValue(for: MapLayout.bytes(of: key)).flatMap { MapLayout.load(Value.self, from: $0) }
    }

    /// Removes many keys; answers how many were there. See ``UntypedMap/removeValues(for:)``.
    @discardableResult
    public func removeValues(for keys: [Key]) throws(BPFError) -> Int {
        try untyped.removeValues(for: keys.map { MapLayout.bytes(of: $0) })
    }

    private func padded(_ value: Value) -> [UInt8] {
        var bytes = MapLayout.bytes(of: value)
        bytes += [UInt8](repeating: 0, count: max(untyped.valueStride - bytes.count, 0))
        return bytes
    }

    /// A value as an update takes it: for per-CPU maps once for each CPU.
    private func entryBytes(of value: Value) -> [UInt8] {
        guard untyped.kind.isPerCPU else { return MapLayout.bytes(of: value) }
        return Array(repeatElement(padded(value), count: untyped.valuesPerEntry).joined())
    }

    /// Removes a key.
    ///
    /// - Returns: whether the key was there.
    @discardableResult
    public func removeValue(for key: Key) throws(BPFError) -> Bool {
        try untyped.removeValue(for: MapLayout.bytes(of: key))
    }

    /// Reads all entries; for per-CPU maps with the first CPU's value.
    ///
    /// - Complexity: O(entries); see ``UntypedMap/entries()``.
    public func entries() throws(BPFError) -> [(key: Key, value: Value)] {
        try untyped.entries().compactMap { entry in
            guard let key = MapLayout.load(Key.self, from: entry.key),
                let value = entry.values.first.flatMap({ MapLayout.load(Value.self, from: $0) })
            else { return nil }
            return (key, value)
        }
    }
}
