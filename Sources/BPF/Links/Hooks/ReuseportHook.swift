// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// The choice among sockets that share a port: `sk_reuseport`, and `sk_reuseport/migrate`, which also places connections
/// of a socket that closes.
///
/// - Note: Linux 4.19 (`SO_ATTACH_REUSEPORT_EBPF`), migration 5.14; `net/core/sock_reuseport.c`.
enum ReuseportHook: Hook {
    static let families: [HookFamily] = [.socketReuseport]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        guard let number = options.socket else {
            throw BPFError(
                .invalidArgument, "the program \(program.name) is attached to a socket, but none is given",
                hint: "set the option socket to a socket of the group, with SO_REUSEPORT set")
        }
        do throws(LinuxError) {
            // The group lives as long as its sockets; a descriptor of our own still reaches it when the caller's is closed.
            let socket = SharedDescriptor(name: "socket", descriptor: try FileDescriptor.duplicating(number))
            try Sockets.attachReuseport(program.rawDescriptor, to: number)
            return Link("the sockets that share a port with socket \(number)", parts: [LinkPart(ReuseportGroup(socket))])
        } catch {
            if error.errno == .invalidArgument {
                throw BPFError(
                    .invalidArgument, "the socket \(number) does not share its port",
                    hint: "set SO_REUSEPORT before bind(2)", cause: error)
            }
            throw program.attachError(error, to: "the socket \(number)")
        }
    }
}

/// A group of sockets with a program.
private final class ReuseportGroup: ManualAttachment {
    private let socket: SharedDescriptor

    init(_ socket: SharedDescriptor) { self.socket = socket }

    func end() {
        try? Sockets.detachReuseport(from: socket.descriptor.rawValue)
    }

    func update(to program: Program, replacing expected: Program?) throws(LinuxError) {
        guard expected == nil else { throw LinuxError(.notSupported, call: "update") }
        try Sockets.attachReuseport(program.rawDescriptor, to: socket.descriptor.rawValue)
    }
}
