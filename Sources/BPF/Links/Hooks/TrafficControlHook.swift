// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Packets at a network interface's traffic control: `tc`, `tcx/ingress`, `tcx/egress`, `classifier`.
///
/// - Note: a tcx link since Linux 6.6 (`kernel/bpf/tcx.c`), a filter of a clsact discipline before.
enum TrafficControlHook: Hook {
    static let families: [HookFamily] = [.trafficControl]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let direction = direction(of: program, options)
        let descriptor = program.rawDescriptor
        let name = program.name
        let namespace = options.networkNamespace
        let isAction = program.spec.hook?.kind == .trafficControlAction
        guard !isAction else {
            throw BPFError(.notSupported, "attaching traffic control actions is not supported", hint: "use SEC(\"tc\")")
        }
        let what = direction == .ingress ? "incoming traffic" : "outgoing traffic"
        return try InterfaceTargets.attach(program, options, what: what) { index throws(LinuxError) in
            if KernelVersion.current >= KernelVersion(6, 6) {
                return LinkPart(
                    try BPFSystemCall.createLink(
                        LinkCreation(
                            program: descriptor, target: index, attachType: direction == .ingress ? 46 : 47,
                            detail: .ordered(relative: 0, revision: 0))))
            }
            // The discipline stays when it was there before.
            let isNew = try TrafficControl.addDiscipline(to: index)
            let filter = try TrafficControl.attach(
                program: descriptor, at: .init(interface: index, direction: direction == .ingress ? .ingress : .egress),
                name: name)
            return LinkPart {
                let detach = { @Sendable () throws(LinuxError) in
                    if isNew {
                        try TrafficControl.removeDiscipline(from: index)
                    } else {
                        try TrafficControl.detach(filter)
                    }
                }
                if let namespace { try? namespace.run(detach) } else { try? detach() }
            }
        }
    }

    private static func direction(of program: Program, _ options: AttachOptions) -> AttachOptions.Direction {
        let section = program.spec.section
        if section.contains("egress") { return .egress }
        if section.contains("ingress") { return .ingress }
        return options.direction
    }
}
