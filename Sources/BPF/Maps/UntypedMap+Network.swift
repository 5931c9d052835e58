// SPDX-License-Identifier: Apache-2.0

import Bytes
import Linux

extension UntypedMap {
    /// Puts a network device into a map of devices, with the program that frames pass on the way to it.
    ///
    /// - Parameters:
    ///   - interface: the device's number, in the namespace of the calling thread.
    ///   - program: a program of the section `xdp/devmap`, or `nil` for none.
    ///   - key: the key, 4 bytes of the host's order for a plain map.
    /// - Throws: ``BPFError`` with the code `notSupported` when the values have no room for a program.
    /// - Note: `struct bpf_devmap_val`, Linux 5.8.
    public func setDevice(_ interface: UInt32, program: Program? = nil, for key: UInt32) throws(BPFError) {
        try setTarget(interface, program, for: key, "device")
    }

    /// Puts a CPU into a map of CPUs, with the program that its frames pass there.
    ///
    /// - Parameters:
    ///   - queueSize: how many frames may wait for the CPU.
    ///   - program: a program of the section `xdp/cpumap`, or `nil` for none.
    ///   - cpu: the CPU's number, which is the key.
    /// - Throws: ``BPFError`` with the code `notSupported` when the values have no room for a program.
    /// - Note: `struct bpf_cpumap_val`, Linux 5.9.
    public func setProcessor(queueSize: UInt32, program: Program? = nil, for cpu: UInt32) throws(BPFError) {
        try setTarget(queueSize, program, for: cpu, "CPU")
    }

    /// Puts a socket into a map of sockets.
    ///
    /// - Parameters:
    ///   - socket: the socket's descriptor.
    ///   - key: ``keySize`` bytes.
    /// - Note: maps of the kinds `sockmap`, `sockhash`, `xskmap`, `reuseport_sockarray`.
    public func setSocket(_ socket: Int32, for key: [UInt8]) throws(BPFError) {
        var value: [UInt8] = []
        if valueSize == 8 { value.append(UInt64(UInt32(bitPattern: socket)), order: .host) } else {
            value.append(UInt32(bitPattern: socket), order: .host)
        }
        try setValue(value, for: key)
    }

    /// Puts a socket into a map of sockets whose keys are numbers.
    public func setSocket(_ socket: Int32, for key: UInt32) throws(BPFError) {
        var bytes: [UInt8] = []
        bytes.append(key, order: .host)
        try setSocket(socket, for: bytes)
    }

    private func setTarget(_ number: UInt32, _ program: Program?, for key: UInt32, _ what: String) throws(BPFError) {
        guard valueSize == 8 || (valueSize == 4 && program == nil) else {
            throw BPFError(
                .typeMismatch, "the values of the map \(name) have \(valueSize) bytes, which is no \(what) with a program",
                hint: "declare the value as struct bpf_devmap_val or struct bpf_cpumap_val")
        }
        var bytes: [UInt8] = []
        bytes.append(key, order: .host)
        var value: [UInt8] = []
        value.append(number, order: .host)
        // A descriptor of 0 or less means no program.
        if valueSize == 8 { value.append(program.map { UInt32(bitPattern: $0.rawDescriptor) } ?? 0, order: .host) }
        try setValue(value, for: bytes)
    }
}
