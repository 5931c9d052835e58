// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics

/// Values that belong to objects of the kernel and go with them: sockets, files, processes and cgroups.
///
/// In programs the key is the object itself; here it is a descriptor of it. There is no list of the objects that have a
/// value; an iterator program (`iter/bpf_sk_storage_map`, `iter/task`) walks over them.
///
/// ```swift
/// let marks = try ObjectStorage<UInt64>(object.map(named: "marks"))
/// try marks.setValue(7, for: socket.rawValue)
/// ```
///
/// | kind | descriptor | since |
/// |---|---|---|
/// | `BPF_MAP_TYPE_SK_STORAGE` | a socket | Linux 5.2 |
/// | `BPF_MAP_TYPE_INODE_STORAGE` | a file that is open | 5.10 |
/// | `BPF_MAP_TYPE_TASK_STORAGE` | a process, from pidfd_open(2) | 5.11 |
/// | `BPF_MAP_TYPE_CGRP_STORAGE` | a cgroup's directory | 6.2 |
public struct ObjectStorage<Value: BitwiseCopyable & Sendable>: Sendable {
    /// The map as bytes.
    public let untyped: UntypedMap

    /// Gives storage the type of its values.
    ///
    /// - Throws: ``BPFError`` when the map is of another kind or the sizes differ.
    public init(_ map: UntypedMap) throws(BPFError) {
        try MapLayout.require(
            map, [.socketStorage, .inodeStorage, .taskStorage, .cgroupStorage],
            "storage of sockets, files, processes or cgroups")
        try MapLayout.check(Value.self, ofValuesOf: map)
        untyped = map
    }

    /// The value of an object, or `nil` when it has none.
    ///
    /// - Throws: ``BPFError`` when the descriptor is of another kind of object.
    public func value(for descriptor: Int32) throws(BPFError) -> Value? {
        try untyped.value(for: MapLayout.bytes(of: descriptor)).flatMap { MapLayout.load(Value.self, from: $0) }
    }

    /// Gives an object a value.
    ///
    /// - Throws: ``BPFError`` when the descriptor is of another kind of object.
    public func setValue(
        _ value: Value, for descriptor: Int32, mode: UntypedMap.UpdateMode = .any
    ) throws(BPFError) {
        try untyped.setValue(MapLayout.bytes(of: value), for: MapLayout.bytes(of: descriptor), mode: mode)
    }

    /// Takes an object's value away; answers whether it had one.
    @discardableResult
    public func removeValue(for descriptor: Int32) throws(BPFError) -> Bool {
        try untyped.removeValue(for: MapLayout.bytes(of: descriptor))
    }
}
