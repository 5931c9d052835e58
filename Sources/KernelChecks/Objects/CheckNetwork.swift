// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

/// A network of its own: a namespace with a pair of connected interfaces, which goes when the value goes.
struct CheckNetwork: ~Copyable {
    private let namespace: FileDescriptor
    /// The number of the namespace's descriptor, valid as long as this value lives.
    var namespaceDescriptor: Int32 { namespace.rawValue }

    /// Makes two connected interfaces and switches them on.
    ///
    /// - Parameter create: makes the pair, of virtual Ethernet interfaces unless told; where their module is gone, of netkit
    ///   devices, which are built in.
    init(
        _ first: String = "skep-a", _ second: String = "skep-b",
        create: @Sendable (String, String) throws(LinuxError) -> Void = CheckNetwork.createPair
    ) throws(LinuxError) {
        let namespace = try NetworkNamespace.create()
        try NetworkNamespace.descriptor(namespace.rawValue).run { () throws(LinuxError) in
            try create(first, second)
            try Interfaces.setUp(try Interfaces.index(named: "lo"))
            try Self.switchOn(first, second)
        }
        self.namespace = namespace
    }

    /// Makes two more connected interfaces and switches them on.
    ///
    /// - Parameter maximumPacket: the bytes of the largest packet.
    borrowing func addPair(_ first: String, _ second: String, maximumPacket: UInt32 = 1500) throws(LinuxError) {
        try inside { () throws(LinuxError) in
            try Self.createPair(first, second)
            try Self.switchOn(first, second)
        }
        try setMaximumPacket(maximumPacket, of: [first, second])
    }

    /// Sets the bytes of the largest packet.
    borrowing func setMaximumPacket(_ size: UInt32, of interfaces: [String]) throws(LinuxError) {
        try inside { () throws(LinuxError) in
            for name in interfaces {
                try Interfaces.setMaximumTransmissionUnit(size, of: try Interfaces.index(named: name))
            }
        }
    }

    private static func switchOn(_ first: String, _ second: String) throws(LinuxError) {
        for name in [first, second] { try Interfaces.setUp(try Interfaces.index(named: name)) }
        // The kernel loses what is sent before it has seen that both ends are up.
        for name in [first, second] {
            let index = try Interfaces.index(named: name)
            for _ in 0..<200 where !(try Interfaces.interface(index).isRunning) { skep_workload_sleep(5) }
        }
    }

    /// Makes a pair of connected interfaces in the namespace of the calling thread.
    static func createPair(_ first: String, _ second: String) throws(LinuxError) {
        do throws(LinuxError) {
            try Interfaces.createPair(first, second)
        } catch  where KernelCheck.isIncomplete && error.errno == .notSupported {
            try Interfaces.createNetkit(first, second)
        }
    }

    /// The namespace's descriptor, valid as long as this value lives.
    var rawNamespace: Int32 { namespace.rawValue }

    /// Options that attach to one of the interfaces.
    borrowing func options(for interface: String) -> AttachOptions {
        var options = AttachOptions()
        options.networkNamespace = .descriptor(namespace.rawValue)
        options.interfaces = [interface]
        return options
    }

    /// The namespace.
    var namespaceNumber: Int32 { namespace.rawValue }

    /// Options that attach to the namespace itself.
    var options: AttachOptions {
        var options = AttachOptions()
        options.networkNamespace = .descriptor(namespace.rawValue)
        return options
    }

    /// Runs a workload in the namespace.
    ///
    /// - Returns: what the workload answers when it is no error.
    @discardableResult
    borrowing func run(_ call: String, _ body: @Sendable () throws(LinuxError) -> Int) throws(LinuxError) -> Int {
        try NetworkNamespace.descriptor(namespace.rawValue).run { () throws(LinuxError) in
            let result = try body()
            try answer(result, call)
            return result
        }
    }

    /// Sends frames of the checks' own ethertype out of an interface; they have arrived when this returns.
    borrowing func send(_ count: Int32, from interface: String) throws(LinuxError) {
        try NetworkNamespace.descriptor(namespace.rawValue).run { () throws(LinuxError) in
            try answer(skep_workload_send_frames(try Interfaces.index(named: interface), count), "sendto")
        }
        // A pair of interfaces hands frames over in an interrupt of software, mostly before the call returns.
        skep_workload_sleep(20)
    }

    /// Two TCP sockets of the namespace that are connected; the caller closes them.
    borrowing func connectedSockets() throws(LinuxError) -> (Int32, Int32) {
        try NetworkNamespace.descriptor(namespace.rawValue).run { () throws(LinuxError) in
            var sockets: [Int32] = [-1, -1]
            try answer(sockets.withUnsafeMutableBufferPointer { skep_workload_tcp_pair($0.baseAddress) }, "connect")
            return (sockets[0], sockets[1])
        }
    }

    /// Two UDP sockets of the namespace that are connected over the loopback interface; the caller closes them.
    borrowing func datagramSockets() throws(LinuxError) -> [Int32] {
        try inside { () throws(LinuxError) in
            var ends: [Int32] = [-1, -1]
            try answer(
                ends.withUnsafeMutableBufferPointer { skep_workload_connected_pair(0, $0.baseAddress) }, "connect")
            return ends
        }
    }

    /// Lets a process of a cgroup send datagrams to the loopback address.
    borrowing func sendDatagrams(_ count: Int32, cgroup: String) throws(LinuxError) {
        try NetworkNamespace.descriptor(namespace.rawValue).run { () throws(LinuxError) in
            try answer(skep_workload_send_datagrams("\(cgroup)/cgroup.procs", count), "sendto")
        }
    }
}

private func answer(_ result: Int, _ call: String) throws(LinuxError) {
    guard result < 0 else { return }
    throw LinuxError(Errno(rawValue: Int32(truncatingIfNeeded: -result)), call: call)
}
