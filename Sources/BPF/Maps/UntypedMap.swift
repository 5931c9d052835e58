// SPDX-License-Identifier: Apache-2.0

public import BPFObject
public import BTF
import Diagnostics
import Linux

/// A map of the kernel, as bytes: what an object's maps are before a caller gives them a Swift type.
///
/// A map is shared by programs, readers and typed views, so this is a reference; the descriptor closes with the last
/// one. Use ``Map`` for typed access.
///
/// ```swift
/// let map = try object.map(named: "counts")
/// for entry in try map.entries() { print(entry.key, entry.values) }
/// ```
///
/// - Note: Linux 3.19, `kernel/bpf/syscall.c`.
public final class UntypedMap: Sendable {
    /// The name in the source.
    public let name: String
    /// The kind of map.
    public let kind: MapKind
    /// The size of a key in bytes.
    public let keySize: Int
    /// The size of a value in bytes, of one CPU's for per-CPU maps.
    public let valueSize: Int
    /// The number of entries; for ring buffers the size in bytes.
    public let maximumEntries: UInt32
    /// The kernel's creation flags.
    public let flags: UInt32
    /// The key's type in the object's BTF, or `void`.
    public let keyType: BTFTypeID
    /// The value's type in the object's BTF, or `void`.
    public let valueType: BTFTypeID
    /// The types that ``keyType`` and ``valueType`` belong to.
    public let types: BTFTable?
    /// How many CPUs a look-up in a per-CPU map answers for, 1 for others.
    public let valuesPerEntry: Int
    /// An arena's memory in this process; programs can use it only as long as it is mapped.
    let arenaMemory: MapMemory?
    private let descriptor: FileDescriptor

    /// Takes over a descriptor of a map.
    init(
        spec: MapSpec, types: BTFTable?, valuesPerEntry: Int, descriptor: consuming FileDescriptor,
        arenaMemory: MapMemory? = nil
    ) {
        name = spec.name
        kind = spec.kind
        keySize = Int(spec.keySize)
        valueSize = Int(spec.valueSize)
        maximumEntries = spec.maximumEntries
        flags = spec.flags
        keyType = spec.keyType
        valueType = spec.valueType
        self.types = types
        self.valuesPerEntry = valuesPerEntry
        self.descriptor = descriptor
        self.arenaMemory = arenaMemory
    }

    /// The number of the descriptor, valid as long as this object lives.
    public var rawDescriptor: Int32 { descriptor.rawValue }

    /// The distance between two CPUs' values in bytes: the value's size rounded up to 8.
    public var valueStride: Int { kind.isPerCPU ? (valueSize + 7) / 8 * 8 : valueSize }

    /// The bytes that a look-up answers: one value, or one for each possible CPU.
    public var entryValueSize: Int { valueStride * valuesPerEntry }

    /// Looks up a key.
    ///
    /// - Parameters:
    ///   - key: ``keySize`` bytes.
    ///   - locked: whether to take the value's `struct bpf_spin_lock` (`BPF_F_LOCK`, Linux 5.1), so that the bytes are
    ///     all from before or all from after a program's change.
    /// - Returns: ``entryValueSize`` bytes, or `nil` when there is no such key.
    /// - Throws: ``BPFError`` when the kernel refuses: the map cannot be read, or has no lock.
    public func value(for key: [UInt8], locked: Bool = false) throws(BPFError) -> [UInt8]? {
        try check(key: key)
        var value = [UInt8](repeating: 0, count: entryValueSize)
        let found = try perform("look up a key") { () throws(LinuxError) -> Bool in
            try withBuffers(key, &value) { key, value throws(LinuxError) in
                try BPFSystemCall.lookup(
                    map: rawDescriptor, key: keySize == 0 ? nil : key, value: value, flags: locked ? Self.lock : 0)
            }
        }
        return found ? value : nil
    }

    /// Adds or replaces an entry.
    ///
    /// - Parameters:
    ///   - value: ``entryValueSize`` bytes.
    ///   - key: ``keySize`` bytes.
    ///   - mode: whether the key may or must exist.
    ///   - locked: whether to take the value's `struct bpf_spin_lock` (`BPF_F_LOCK`, Linux 5.1).
    /// - Throws: ``BPFError`` when the kernel refuses: the map is full, frozen, or the key breaks the mode.
    public func setValue(
        _ value: [UInt8], for key: [UInt8], mode: UpdateMode = .any, locked: Bool = false
    ) throws(BPFError) {
        try check(key: key)
        guard value.count == entryValueSize else {
            throw BPFError(
                .invalidArgument,
                "a value of map \(name) has \(entryValueSize) bytes, but \(value.count) were given")
        }
        var value = value
        try perform("update an entry") { () throws(LinuxError) in
            try withBuffers(key, &value) { key, value throws(LinuxError) in
                try BPFSystemCall.update(
                    map: rawDescriptor, key: key, value: UnsafeRawPointer(value),
                    flags: mode.rawValue | (locked ? Self.lock : 0))
            }
        }
    }

    /// Removes a key.
    ///
    /// - Returns: whether the key was there.
    /// - Throws: ``BPFError`` when the kernel refuses, as it does for arrays.
    @discardableResult
    public func removeValue(for key: [UInt8]) throws(BPFError) -> Bool {
        try check(key: key)
        return try perform("remove an entry") { () throws(LinuxError) -> Bool in
            try withKey(key) { key throws(LinuxError) in try BPFSystemCall.delete(map: rawDescriptor, key: key) }
        }
    }

    /// Reads a value and removes its key in one step, so that no change is lost in between.
    ///
    /// - Returns: ``entryValueSize`` bytes, or `nil` when there is no such key.
    /// - Throws: ``BPFError`` with the code `notSupported` on older kernels and for kinds without it.
    /// - Note: `BPF_MAP_LOOKUP_AND_DELETE_ELEM`: hashes Linux 5.14, queues and stacks 4.20.
    public func takeValue(for key: [UInt8]) throws(BPFError) -> [UInt8]? {
        try check(key: key)
        var value = [UInt8](repeating: 0, count: entryValueSize)
        do throws(LinuxError) {
            let found = try withBuffers(key, &value) { key, value throws(LinuxError) in
                try BPFSystemCall.lookupAndDelete(
                    map: rawDescriptor, key: keySize == 0 ? nil : key, value: value)
            }
            return found ? value : nil
        } catch {
            throw BPFError.map(self, error, "take an entry out", since: kind.isKeyless ? "4.20" : "5.14")
        }
    }

    /// Forbids all changes from user space, for ever.
    ///
    /// - Note: Linux 5.2.
    public func freeze() throws(BPFError) {
        try perform("forbid changes") { () throws(LinuxError) in try BPFSystemCall.freeze(map: rawDescriptor) }
    }

    /// Keeps the map alive by a path of a bpffs.
    public func pin(at path: String) throws(BPFError) {
        do throws(LinuxError) {
            try BPFSystemCall.pin(rawDescriptor, path: path)
        } catch {
            throw BPFError.system(
                error, "cannot pin the map \(name)", context: [.init("map", name), .init("path", path)])
        }
    }

    /// How an update treats keys that are there or not.
    public enum UpdateMode: UInt64, Sendable {
        /// `BPF_ANY`: adds or replaces.
        case any = 0
        /// `BPF_NOEXIST`: adds, and fails when the key is there.
        case add = 1
        /// `BPF_EXIST`: replaces, and fails when the key is not there.
        case replace = 2
    }

    // MARK: - Inside

    func check(key: [UInt8]) throws(BPFError) {
        guard key.count == keySize else {
            throw BPFError(
                .invalidArgument, "a key of map \(name) has \(keySize) bytes, but \(key.count) were given")
        }
    }

    /// Runs a command of bpf(2) and says which map it was about when it fails.
    func perform<T>(_ action: String, _ body: () throws(LinuxError) -> T) throws(BPFError) -> T {
        do throws(LinuxError) {
            return try body()
        } catch {
            throw BPFError.system(error, "cannot \(action) of map \(name)", context: [.init("map", name)])
        }
    }

    /// `BPF_F_LOCK`.
    private static let lock: UInt64 = 4

    func withKey<T>(
        _ key: [UInt8], _ body: (UnsafeRawPointer) throws(LinuxError) -> T
    ) throws(LinuxError) -> T {
        // An empty array has no address.
        let key = key.isEmpty ? [0] : key
        return try key.withUnsafeBytesTyped(body)
    }

    func withBuffers<T>(
        _ key: [UInt8], _ value: inout [UInt8],
        _ body: (UnsafeRawPointer, UnsafeMutableRawPointer) throws(LinuxError) -> T
    ) throws(LinuxError) -> T {
        try withKey(key) { key throws(LinuxError) in
            try value.withUnsafeMutableBytesTyped { value throws(LinuxError) in try body(key, value) }
        }
    }
}

extension [UInt8] {
    /// The array's bytes for the time of a call; an empty array is an error of the caller's and gives a dummy byte.
    func withUnsafeBytesTyped<T, E: Error>(_ body: (UnsafeRawPointer) throws(E) -> T) throws(E) -> T {
        try withUnsafeBufferPointer { buffer throws(E) in
            var dummy: UInt8 = 0
            guard let address = buffer.baseAddress else { return try body(&dummy) }
            return try body(address)
        }
    }

    /// The array's bytes, to be written, for the time of a call.
    mutating func withUnsafeMutableBytesTyped<T, E: Error>(
        _ body: (UnsafeMutableRawPointer) throws(E) -> T
    ) throws(E) -> T {
        try withUnsafeMutableBufferPointer { buffer throws(E) in
            var dummy: UInt64 = 0
            guard let address = buffer.baseAddress else { return try body(&dummy) }
            return try body(address)
        }
    }
}
