// SPDX-License-Identifier: Apache-2.0

import Bytes
import Linux

/// Maps whose values are other objects of the kernel: they are given by descriptor, and most are read back as numbers.
extension UntypedMap {
    /// Puts a map into a map of maps.
    ///
    /// - Parameters:
    ///   - map: a map of the shape that the map of maps was made for.
    ///   - key: ``keySize`` bytes.
    /// - Throws: ``BPFError`` when the shapes differ.
    /// - Note: Linux 4.12.
    public func setMap(_ map: UntypedMap, for key: [UInt8]) throws(BPFError) {
        guard kind.holdsMaps else { throw holdsNoSuchThing("maps") }
        try setDescriptor(map.rawDescriptor, for: key)
    }

    /// Opens the map that a map of maps holds.
    ///
    /// - Returns: `nil` when there is none at the key.
    /// - Note: Linux 4.14.
    public func map(for key: [UInt8]) throws(BPFError) -> UntypedMap? {
        guard kind.holdsMaps else { throw holdsNoSuchThing("maps") }
        guard let bytes = try value(for: key),
            let id = OwnedBytes(bytes).span.integer(at: 0, as: UInt32.self, order: .host)
        else { return nil }
        return try UntypedMap(id: id)
    }

    /// Puts a program into a program array, where tail calls find it.
    ///
    /// - Note: Linux 4.2.
    public func setProgram(_ program: Program, at index: UInt32) throws(BPFError) {
        guard kind == .programArray else { throw holdsNoSuchThing("programs") }
        try setDescriptor(program.rawDescriptor, for: Self.bytes(of: index))
    }

    /// Puts something that a descriptor stands for into a map: a socket (`sockmap`, `sockhash`, `xskmap`,
    /// `reuseport_sockarray`), a cgroup's directory (`cgroup_array`), a perf event (`perf_event_array`), a map or a
    /// program. The map keeps its own reference, except for sockets, which leave it when they close.
    ///
    /// - Parameters:
    ///   - descriptor: a number that stays valid during the call.
    ///   - key: ``keySize`` bytes.
    ///   - mode: whether the key may or must exist.
    /// - Throws: ``BPFError`` when the kernel does not take this kind of object.
    public func setDescriptor(_ descriptor: Int32, for key: [UInt8], mode: UpdateMode = .any) throws(BPFError) {
        guard valueSize == 4 || valueSize == 8 else { throw holdsNoSuchThing("descriptors") }
        var value: [UInt8] = []
        value.append(UInt32(bitPattern: descriptor), order: .host)
        value += [UInt8](repeating: 0, count: valueSize - 4)
        try setValue(value, for: key, mode: mode)
    }

    func holdsNoSuchThing(_ what: String) -> BPFError {
        BPFError(.invalidArgument, "the \(kind) \(name) holds no \(what)", context: [.init("map", name)])
    }

    static func bytes(of number: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(number, order: .host)
        return bytes
    }
}
