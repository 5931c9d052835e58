// SPDX-License-Identifier: Apache-2.0

import BPFObject

/// A queue or stack with the Swift type of its values.
///
/// ```swift
/// let work = try MapQueue<UInt64>(object.map(named: "work"))
/// try work.push(42)
/// while let item = try work.pop() { print(item) }
/// ```
///
/// - Note: `BPF_MAP_TYPE_QUEUE` and `BPF_MAP_TYPE_STACK`, Linux 4.20, `kernel/bpf/queue_stack_maps.c`.
public struct MapQueue<Value: BitwiseCopyable & Sendable>: Sendable {
    /// The map as bytes.
    public let untyped: UntypedMap

    /// Gives a queue or stack its type.
    ///
    /// - Throws: ``BPFError`` when the map is of another kind or the sizes differ.
    public init(_ map: UntypedMap) throws(BPFError) {
        try MapLayout.require(map, [.queue, .stack], "queue or stack")
        try MapLayout.check(Value.self, ofValuesOf: map)
        untyped = map
    }

    /// Adds a value at a queue's end or a stack's top.
    ///
    /// - Parameter replacing: whether a full map drops its oldest value.
    /// - Returns: `false` when it is full.
    @discardableResult
    public func push(_ value: Value, replacing: Bool = false) throws(BPFError) -> Bool {
        try untyped.push(MapLayout.bytes(of: value), replacing: replacing)
    }

    /// Takes out a queue's first value or a stack's top; `nil` when it is empty.
    public func pop() throws(BPFError) -> Value? {
        try untyped.pop().flatMap { MapLayout.load(Value.self, from: $0) }
    }

    /// Looks at a queue's first value or a stack's top; `nil` when it is empty.
    public func peek() throws(BPFError) -> Value? {
        try untyped.peek().flatMap { MapLayout.load(Value.self, from: $0) }
    }
}
