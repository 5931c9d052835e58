// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Packets of a socket: `socket`. Without a socket of the caller's, packet sockets on interfaces see all of their traffic.
///
/// - Note: Linux 3.19 (`SO_ATTACH_BPF`), `net/core/filter.c`.
enum SocketFilterHook: Hook {
    static let families: [HookFamily] = [.socketFilter]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let descriptor = program.rawDescriptor
        if let number = options.socket {
            do throws(LinuxError) {
                // The caller may close its descriptor, and the number may become another socket's.
                let socket = SharedDescriptor(name: "socket", descriptor: try FileDescriptor.duplicating(number))
                try Sockets.attachFilter(descriptor, to: number)
                return Link(
                    "socket \(number)",
                    parts: [LinkPart { try? Sockets.detachFilter(from: socket.descriptor.rawValue) }])
            } catch {
                throw program.attachError(error, to: "the socket \(number)")
            }
        }
        return try InterfaceTargets.attach(program, options, what: "packets") { target throws(LinuxError) in
            let socket = SharedDescriptor(
                name: "socket", descriptor: try Sockets.openPacketSocket(interface: target.index))
            try Sockets.attachFilter(descriptor, to: socket.descriptor.rawValue)
            return LinkPart(event: socket)
        }
    }
}
