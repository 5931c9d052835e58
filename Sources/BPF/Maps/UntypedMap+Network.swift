// SPDX-License-Identifier: Apache-2.0

public import Linux

extension UntypedMap {
    /// Puts a network device into a map of devices, with the program that frames pass on the way to it.
    ///
    /// - Parameters:
    ///   - interface: the device's name.
    ///   - namespace: where it is, or `nil` for the caller's: numbers of devices mean others elsewhere.
    ///   - program: a program of the section `xdp/devmap`, or `nil` for none.
    ///   - key: the key.
    /// - Throws: ``BPFError`` with the code `notFound` when there is no such device, `typeMismatch` when the values have no
    ///   room for a program.
    /// - Note: `struct bpf_devmap_val`, Linux 5.8.
    public func setDevice(
        _ interface: String, in namespace: NetworkNamespace? = nil, program: Program? = nil, for key: UInt32
    ) throws(BPFError) {
        guard kind == .deviceMap || kind == .deviceMapHash else { throw holdsNoSuchThing("devices") }
        var failure: BPFError?
        do throws(LinuxError) {
            // The kernel looks for the device in the namespace of the thread that fills the map.
            failure = try AttachmentNamespace(namespace).run { () throws(LinuxError) -> BPFError? in
                let index = try Interfaces.index(named: interface)
                do throws(BPFError) {
                    try self.setTarget(index, program, for: key, "device")
                    return nil
                } catch {
                    return error
                }
            }
        } catch {
            if error.call == "if_nametoindex" || error.errno == .noSuchDevice {
                throw BPFError(.notFound, "there is no network interface \(interface)", cause: error)
            }
            throw BPFError.system(error, "cannot put the interface \(interface) into the map \(name)")
        }
        if let failure { throw failure }
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
        guard kind == .cpuMap else { throw holdsNoSuchThing("CPUs") }
        try setTarget(queueSize, program, for: cpu, "CPU")
    }

    /// Puts a socket into a map of sockets.
    ///
    /// - Parameters:
    ///   - socket: the socket's descriptor.
    ///   - key: ``keySize`` bytes.
    /// - Note: maps of the kinds `sockmap`, `sockhash`, `xskmap`, `reuseport_sockarray`.
    public func setSocket(_ socket: Int32, for key: [UInt8]) throws(BPFError) {
        try setDescriptor(socket, for: key)
    }

    /// Puts a socket into a map of sockets whose keys are numbers.
    public func setSocket(_ socket: Int32, for key: UInt32) throws(BPFError) {
        try setSocket(socket, for: Self.bytes(of: key))
    }

    private func setTarget(_ number: UInt32, _ program: Program?, for key: UInt32, _ what: String) throws(BPFError) {
        guard valueSize == 8 || (valueSize == 4 && program == nil) else {
            throw BPFError(
                .typeMismatch,
                "the values of the map \(name) have \(valueSize) bytes, which is no \(what) with a program",
                hint: "declare the value as struct bpf_devmap_val or struct bpf_cpumap_val")
        }
        var value = Self.bytes(of: number)
        // A descriptor of 0 or less means no program.
        if valueSize == 8 { value += Self.bytes(of: UInt32(bitPattern: program?.rawDescriptor ?? 0)) }
        try setValue(value, for: Self.bytes(of: key))
    }
}
