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
        if let socket = options.socket {
            do throws(LinuxError) {
                try Sockets.attachFilter(descriptor, to: socket)
            } catch {
                throw program.attachError(error, to: "the socket \(socket)")
            }
            return Link("socket \(socket)", parts: [LinkPart { try? Sockets.detachFilter(from: socket) }])
        }
        return try InterfaceTargets.attach(program, options, what: "packets") { target throws(LinuxError) in
            let socket = SharedDescriptor(name: "socket", descriptor: try Sockets.openPacketSocket(interface: target.index))
            try Sockets.attachFilter(descriptor, to: socket.descriptor.rawValue)
            return LinkPart(event: socket)
        }
    }
}
