// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Packets between the two ends of a netkit device: `netkit/primary` sees what the named device sends, `netkit/peer` what
/// the other end sends.
///
/// - Note: a link since Linux 6.7, `drivers/net/netkit.c`; only the first end of a pair takes programs.
enum NetkitHook: Hook {
    static let families: [HookFamily] = [.netkit]

    static let requirement = KernelRequirement(what: "netkit devices", version: "6.7", option: "CONFIG_NETKIT")

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let attachType = program.spec.hook?.expectedAttachType ?? 54
        let order = options.order
        let what = attachType == 55 ? "the netkit peer" : "the netkit device"
        return try InterfaceTargets.attach(
            program, options, what: what,
            explain: { error, name in
                if let lack = requirement.explaining(error) { return lack }
                if error.errno == .noSuchDeviceOrAddress || error.errno == .permissionDenied {
                    return BPFError(
                        .invalidArgument, "the interface \(name) is not the first end of a netkit device",
                        hint: "`ip -d link show \(name)` tells the kind", cause: error)
                }
                return OrderedLink.explain(error, order, name)
            },
            each: { target throws(LinuxError) in
                try OrderedLink.create(program, target: target.index, attachType: attachType, order)
            })
    }
}
