// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Packets at a hook of netfilter: `netfilter`, of the network namespace that the options name.
///
/// - Note: a link since Linux 6.4, `net/netfilter/nf_bpf_link.c`.
enum NetfilterHook: Hook {
    static let families: [HookFamily] = [.netfilter]

    private static let requirement = KernelRequirement(
        what: "netfilter links", version: "6.4", option: "CONFIG_NETFILTER_BPF_LINK")
    private static let fragmentRequirement = KernelRequirement(
        what: "netfilter links that put fragments together", version: "6.6")

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        guard let place = options.netfilter else {
            throw BPFError(
                .invalidArgument, "the program \(program.name) is attached to a netfilter hook, but none is given",
                hint: "give --netfilter-hook prerouting, input, forward, output or postrouting; ipv6/input for IPv6")
        }
        let priority = options.priority ?? 0
        let namespace = try InterfaceTargets.open(options.networkNamespace)
        do throws(LinuxError) {
            let part = try namespace.run { () throws(LinuxError) in
                LinkPart(
                    try BPFSystemCall.createLink(
                        LinkCreation(
                            program: program.rawDescriptor, target: 0, attachType: 45,
                            detail: .netfilter(
                                family: place.family.rawValue, hook: place.hook.rawValue, priority: priority,
                                flags: place.defragments ? 1 : 0))))
            }
            return Link("netfilter \(place) at priority \(priority)", parts: [part])
        } catch {
            if let lack = requirement.explaining(error) { throw lack }
            if place.defragments, let lack = fragmentRequirement.explaining(error) { throw lack }
            if error.errno == .outOfRange || (place.defragments && error.errno == .invalidArgument) {
                throw BPFError(
                    .invalidArgument, "netfilter does not take a program at priority \(priority)",
                    hint: "fragments are put together at -400, so a program that wants that needs a higher number",
                    cause: error)
            }
            if error.errno == .busy {
                throw BPFError(
                    .invalidArgument, "another program is at netfilter \(place) with priority \(priority)",
                    hint: "give another --priority", cause: error)
            }
            throw program.attachError(error, to: "netfilter \(place)")
        }
    }
}
