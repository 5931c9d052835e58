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

    /// Puts a network interface into a `devmap` or `devmap_hash`, where `bpf_redirect_map` finds it.
    ///
    /// - Parameters:
    ///   - interface: the interface's number.
    ///   - program: what runs on redirected frames, from a section `xdp/devmap` (Linux 5.8; a value of 8 bytes).
    ///   - key: the slot, or the hash's key.
    /// - Note: Linux 4.14, hash 5.4.
    public func setInterface(_ interface: UInt32, program: Program? = nil, for key: UInt32) throws(BPFError) {
        guard kind == .deviceMap || kind == .deviceMapHash else { throw holdsNoSuchThing("interfaces") }
        try setTarget(interface, program, for: key)
    }

    /// Gives a CPU of a `cpumap` a queue, to which `bpf_redirect_map` moves frames.
    ///
    /// - Parameters:
    ///   - cpu: the CPU's number, which is the key.
    ///   - queueSize: the frames that the queue holds, 1 to 16384.
    ///   - program: what runs on the frames there, from a section `xdp/cpumap` (Linux 5.9; a value of 8 bytes).
    /// - Note: Linux 4.15.
    public func setCPU(_ cpu: UInt32, queueSize: UInt32, program: Program? = nil) throws(BPFError) {
        guard kind == .cpuMap else { throw holdsNoSuchThing("CPUs") }
        try setTarget(queueSize, program, for: cpu)
    }

    private func setTarget(_ number: UInt32, _ program: Program?, for key: UInt32) throws(BPFError) {
        guard valueSize == 8 || valueSize == 4 && program == nil else {
            throw BPFError(
                .invalidArgument, "the \(kind) \(name) has values of \(valueSize) bytes, which cannot name a program",
                context: [.init("map", name)], hint: "give it values of 8 bytes: a number and a descriptor")
        }
        var value = Self.bytes(of: number)
        if valueSize == 8 { value += Self.bytes(of: UInt32(bitPattern: program?.rawDescriptor ?? 0)) }
        try setValue(value, for: Self.bytes(of: key))
    }

    private func holdsNoSuchThing(_ what: String) -> BPFError {
        BPFError(.invalidArgument, "the \(kind) \(name) holds no \(what)", context: [.init("map", name)])
    }

    static func bytes(of number: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(number, order: .host)
        return bytes
    }
}
