// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Packets at a network interface's driver: `xdp`.
///
/// - Note: a link since Linux 5.9, netlink before; `net/core/dev.c`.
enum XDPHook: Hook {
    static let families: [HookFamily] = [.xdp]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let descriptor = program.rawDescriptor
        let mode = options.xdpMode.rawValue
        let namespace = options.networkNamespace
        return try InterfaceTargets.attach(program, options, what: "XDP") { index throws(LinuxError) in
            if KernelVersion.current >= KernelVersion(5, 9) {
                return LinkPart(
                    try BPFSystemCall.createLink(
                        LinkCreation(program: descriptor, target: index, attachType: attachType, flags: mode)))
            }
            // Only if nothing is there yet (XDP_FLAGS_UPDATE_IF_NOEXIST), as a link would.
            try InterfacePrograms.setXDP(descriptor, on: index, flags: mode | 1)
            return LinkPart {
                let detach = { @Sendable () throws(LinuxError) in
                    try InterfacePrograms.setXDP(nil, on: index, flags: mode)
                }
                // Nothing can be done about a failure here: the interface may be gone.
                if let namespace { try? namespace.run(detach) } else { try? detach() }
            }
        }
    }

    /// `BPF_XDP` of `enum bpf_attach_type`.
    private static let attachType: UInt32 = 37
}
