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
    init(_ first: String, _ second: String) throws(LinuxError) {
        let namespace = try NetworkNamespace.create()
        try NetworkNamespace.descriptor(namespace.rawValue).run { () throws(LinuxError) in
            try Interfaces.createPair(first, second)
            for name in ["lo", first, second] { try Interfaces.setUp(try Interfaces.index(named: name)) }
        }
        self.namespace = namespace
    }

    /// Options that attach to one of the interfaces.
    borrowing func options(for interface: String) -> AttachOptions {
        var options = AttachOptions()
        options.networkNamespace = .descriptor(namespace.rawValue)
        options.interfaces = [interface]
        return options
    }

    /// Sends frames of the checks' own ethertype out of an interface; they have arrived when this returns.
    borrowing func send(_ count: Int32, from interface: String) throws(LinuxError) {
        try NetworkNamespace.descriptor(namespace.rawValue).run { () throws(LinuxError) in
            try answer(skep_workload_send_frames(try Interfaces.index(named: interface), count), "sendto")
        }
        // A pair of interfaces hands frames over in an interrupt of software, mostly before the call returns.
        skep_workload_sleep(20)
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
