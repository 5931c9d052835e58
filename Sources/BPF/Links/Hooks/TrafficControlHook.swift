// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Packets at a network interface's traffic control: `tc`, `tcx/ingress`, `tcx/egress`, `classifier`, `action`.
///
/// - Note: a tcx link since Linux 6.6 (`kernel/bpf/tcx.c`), a filter of a clsact discipline before, and for actions and
///   priorities.
enum TrafficControlHook: Hook {
    static let families: [HookFamily] = [.trafficControl]

    static let tcxRequirement = KernelRequirement(what: "tcx links", version: "6.6", option: "CONFIG_NET_XGRESS")
    private static let actionRequirement = KernelRequirement(
        what: "traffic control actions of programs", version: "4.1", option: "CONFIG_NET_ACT_BPF")

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let direction = direction(of: program, options)
        let isAction = program.spec.hook?.kind == .trafficControlAction
        let isClassic = isAction || options.priority != nil || options.handle != 0 || options.mechanism == .classic
        if isClassic, !options.order.isFree {
            throw BPFError(
                .invalidArgument, "a classic tc filter has a priority, but no place among other programs",
                hint: "leave one of the two out")
        }
        guard let priority = UInt16(exactly: options.priority ?? 0) else {
            throw BPFError(.invalidArgument, "the priority of a tc filter is a number from 1 to 65535")
        }
        let what = direction == .ingress ? "incoming traffic" : "outgoing traffic"
        let order = options.order
        let handle = options.handle
        let mustBeLink = options.mechanism == .link || !order.isFree
        return try InterfaceTargets.attach(
            program, options, what: what,
            explain: { error, name in
                if isAction { return actionRequirement.explaining(error) }
                return (mustBeLink ? tcxRequirement.explaining(error) : nil) ?? OrderedLink.explain(error, order, name)
            },
            each: { target throws(LinuxError) in
                if !isClassic {
                    do throws(LinuxError) {
                        return try OrderedLink.create(
                            program, target: target.index, attachType: direction == .ingress ? 46 : 47, order)
                    } catch where !mustBeLink && tcxRequirement.explaining(error) != nil {
                        // The kernel is too old for links: the classic way does the same.
                    }
                }
                let place = TrafficControl.Filter(
                    interface: target.index, direction: direction == .ingress ? .ingress : .egress, priority: priority,
                    handle: handle)
                return LinkPart(try ClassicFilter(program, target, place, isAction: isAction))
            })
    }

    private static func direction(of program: Program, _ options: AttachOptions) -> AttachOptions.Direction {
        let section = program.spec.section
        if section.contains("egress") { return .egress }
        if section.contains("ingress") { return .ingress }
        return options.direction
    }
}

/// Links of hooks that keep an order by the neighbours' numbers: tcx and netkit.
enum OrderedLink {
    static func create(
        _ program: Program, target: UInt32, attachType: UInt32, _ order: AttachOrder
    ) throws(LinuxError) -> LinkPart {
        LinkPart(
            try BPFSystemCall.createLink(
                LinkCreation(
                    program: program.rawDescriptor, target: target, attachType: attachType, flags: order.flags,
                    detail: .ordered(relative: order.relative, revision: order.revision))))
    }

    static func explain(_ error: LinuxError, _ order: AttachOrder, _ target: String) -> BPFError? {
        switch error.errno {
        case .stale where order.revision != 0:
            return BPFError(
                .invalidArgument, "the programs of \(target) have changed since revision \(order.revision)",
                hint: "list them again and decide anew", cause: error)
        case .noSuchFileOrDirectory where order.relative != 0:
            return BPFError(
                .notFound, "the neighbour \(order.relative) is not attached to \(target)",
                hint: "`bpftool net` lists what is attached", cause: error)
        default: return nil
        }
    }
}
