// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
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
        try Self.check(Key.self, size: map.keySize, type: map.keyType, types: map.types, what: "key", map: map.name)
        try Self.check(
            Value.self, size: map.valueSize, type: map.valueType, types: map.types, what: "value", map: map.name)
        untyped = map
    }

    /// Looks up a key; for per-CPU maps this is the first CPU's value.
    ///
    /// - Returns: the value, or `nil` when there is no such key.
    /// - Throws: ``BPFError`` when the kernel refuses.
    public func value(for key: Key) throws(BPFError) -> Value? {
        guard let bytes = try untyped.value(for: Self.bytes(of: key)) else { return nil }
        return Self.load(Value.self, from: bytes)
    }

    /// Looks up a key of a per-CPU map.
    ///
    /// - Returns: one value for each possible CPU, or `nil` when there is no such key.
    /// - Throws: ``BPFError`` when the kernel refuses.
    public func valuesPerCPU(for key: Key) throws(BPFError) -> [Value]? {
        guard let bytes = try untyped.value(for: Self.bytes(of: key)) else { return nil }
        return untyped.split(bytes).compactMap { Self.load(Value.self, from: $0) }
    }

    /// Adds or replaces an entry; for per-CPU maps every CPU gets the value.
    ///
    /// - Throws: ``BPFError`` when the kernel refuses: the map is full, frozen, or the key breaks the mode.
    public func setValue(_ value: Value, for key: Key, mode: UntypedMap.UpdateMode = .any) throws(BPFError) {
        var bytes = Self.bytes(of: value)
        if untyped.kind.isPerCPU {
            bytes += [UInt8](repeating: 0, count: untyped.valueStride - bytes.count)
            bytes = Array(repeatElement(bytes, count: untyped.valuesPerEntry).joined())
        }
        try untyped.setValue(bytes, for: Self.bytes(of: key), mode: mode)
    }

    /// Removes a key.
    ///
    /// - Returns: whether the key was there.
    @discardableResult
    public func removeValue(for key: Key) throws(BPFError) -> Bool {
        try untyped.removeValue(for: Self.bytes(of: key))
    }

    /// Reads all entries; for per-CPU maps with the first CPU's value.
    ///
    /// - Complexity: O(entries); see ``UntypedMap/entries()``.
    public func entries() throws(BPFError) -> [(key: Key, value: Value)] {
        try untyped.entries().compactMap { entry in
            guard let key = Self.load(Key.self, from: entry.key),
                let value = entry.values.first.flatMap({ Self.load(Value.self, from: $0) })
            else { return nil }
            return (key, value)
        }
    }

    private static func bytes<T: BitwiseCopyable>(of value: T) -> [UInt8] {
        var bytes = withUnsafeBytes(of: value) { [UInt8]($0) }
        // C rounds a struct's size up to its alignment; Swift's size does not.
        bytes += [UInt8](repeating: 0, count: MemoryLayout<T>.stride - bytes.count)
        return bytes
    }

    private static func load<T: BitwiseCopyable>(_ type: T.Type, from bytes: [UInt8]) -> T? {
        guard bytes.count >= MemoryLayout<T>.size else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: T.self) }
    }

    private static func check<T: BitwiseCopyable>(
        _ swift: T.Type, size: Int, type: BTFTypeID, types: BTFTable?, what: String, map: String
    ) throws(BPFError) {
        guard MemoryLayout<T>.stride == size else {
            throw BPFError(
                .typeMismatch,
                "a \(what) of map \(map) has \(size) bytes, but \(T.self) has \(MemoryLayout<T>.stride)",
                context: [.init("map", map)])
        }
        guard let integer = T.self as? any FixedWidthInteger.Type, type != .void, let types,
            let resolved = try? types.resolve(type), case .integer(let description)? = try? types.type(resolved)
        else { return }
        guard description.encoding.contains(.signed) == integer.isSigned || description.encoding.contains(.boolean)
        else {
            throw BPFError(
                .typeMismatch, "a \(what) of map \(map) is \(description.name), but \(T.self) was asked for",
                context: [.init("map", map)])
        }
    }
}
