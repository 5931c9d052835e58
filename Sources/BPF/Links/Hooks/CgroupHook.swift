// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// What the processes of a cgroup do: `cgroup_skb/ingress`, `cgroup_skb/egress` and the other cgroup hooks.
///
/// - Note: a link since Linux 5.7, `BPF_PROG_ATTACH` before; `kernel/bpf/cgroup.c`.
enum CgroupHook: Hook {
    static let families: [HookFamily] = [.cgroup]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        guard let path = options.cgroup else {
            throw BPFError(
                .invalidArgument, "the program \(program.name) is attached to a cgroup, but none is given",
                hint: "give --cgroup PATH of a cgroup v2 folder, such as /sys/fs/cgroup/system.slice")
        }
        let attachType = program.spec.hook?.expectedAttachType ?? (options.direction == .ingress ? 0 : 1)
        do throws(LinuxError) {
            let cgroup = try ControlGroups.open(path)
            if KernelVersion.current >= KernelVersion(5, 7) {
                let link = try BPFSystemCall.createLink(
                    LinkCreation(
                        program: program.rawDescriptor, targetDescriptor: cgroup.rawValue, attachType: attachType))
                return Link("the cgroup \(path)", descriptor: link)
            }
            let target = SharedDescriptor(name: "cgroup", descriptor: cgroup)
            // BPF_F_ALLOW_MULTI, so that other programs of the cgroup stay.
            let attachment = ProgramAttachment(
                program: program.rawDescriptor, target: UInt32(bitPattern: target.descriptor.rawValue),
                attachType: attachType, flags: 2)
            try BPFSystemCall.attach(attachment)
            return Link(
                "the cgroup \(path)",
                parts: [
                    LinkPart { [program, target] in
                        _ = (program, target)
                        try? BPFSystemCall.detach(attachment)
                    }
                ])
        } catch {
            if error.errno == .noSuchFileOrDirectory {
                throw BPFError(.notFound, "there is no cgroup \(path)", cause: error)
            }
            if error.errno == .badFileDescriptor {
                throw BPFError(
                    .invalidArgument, "\(path) is not a folder of the cgroup v2 hierarchy",
                    hint: "cgroups are the folders below the mount point of cgroup2, often /sys/fs/cgroup")
            }
            throw program.attachError(error, to: "the cgroup \(path)")
        }
    }
}
