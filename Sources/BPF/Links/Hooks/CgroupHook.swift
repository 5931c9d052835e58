// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// What the processes of a cgroup do: `cgroup_skb/ingress`, `cgroup/connect4`, `sockops` and the other cgroup hooks.
///
/// - Note: a link since Linux 5.7, `BPF_PROG_ATTACH` before; `kernel/bpf/cgroup.c`. An order among programs needs 6.17.
enum CgroupHook: Hook {
    static let families: [HookFamily] = [.cgroup]

    private static let orderRequirement = KernelRequirement(what: "cgroup programs in an order", version: "6.17")
    private static let linkRequirement = KernelRequirement(what: "cgroup links", version: "5.7")

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        guard let path = options.cgroup else {
            throw BPFError(
                .invalidArgument, "the program \(program.name) is attached to a cgroup, but none is given",
                hint: "give --cgroup PATH of a cgroup v2 folder, such as /sys/fs/cgroup/system.slice")
        }
        let attachType = program.spec.hook?.expectedAttachType ?? (options.direction == .ingress ? 0 : 1)
        let order = options.order
        let isClassic =
            options.mechanism == .classic || options.cgroupSharing != .multiple
            || (options.mechanism == .automatic && KernelVersion.current < KernelVersion(5, 7))
        do throws(LinuxError) {
            let cgroup = try ControlGroups.open(path)
            if isClassic {
                let attachment = try CgroupAttachment(
                    program, cgroup: SharedDescriptor(name: "cgroup", descriptor: cgroup), attachType: attachType,
                    flags: options.cgroupSharing.rawValue, order)
                return Link("the cgroup \(path)", parts: [LinkPart(attachment)])
            }
            let link = try BPFSystemCall.createLink(
                LinkCreation(
                    program: program.rawDescriptor, targetDescriptor: cgroup.rawValue, attachType: attachType,
                    flags: order.flags, detail: .ordered(relative: order.relative, revision: order.revision)))
            return Link("the cgroup \(path)", descriptor: link)
        } catch {
            throw explain(error, program, path, options)
        }
    }

    private static func explain(
        _ error: LinuxError, _ program: Program, _ path: String, _ options: AttachOptions
    ) -> BPFError {
        if !options.order.isFree, let lack = orderRequirement.explaining(error) { return lack }
        if options.mechanism == .link, let lack = linkRequirement.explaining(error) { return lack }
        if let lack = KernelRequirement.loading(program.spec.hook)?.explaining(error) { return lack }
        if let told = OrderedLink.explain(error, options.order, "the cgroup \(path)") { return told }
        switch error.errno {
        case .noSuchFileOrDirectory:
            return BPFError(.notFound, "there is no cgroup \(path)", cause: error)
        case .badFileDescriptor:
            return BPFError(
                .invalidArgument, "\(path) is not a folder of the cgroup v2 hierarchy",
                hint: "cgroups are the folders below the mount point of cgroup2, often /sys/fs/cgroup")
        case .notPermitted where options.cgroupSharing != .multiple:
            return BPFError(
                .invalidArgument, "the cgroup \(path), or one above it, has programs that are shared in another way",
                hint: "`bpftool cgroup show \(path)` lists them with their flags", cause: error)
        default:
            return program.attachError(error, to: "the cgroup \(path)")
        }
    }
}

/// A program that `BPF_PROG_ATTACH` attached to a cgroup.
private final class CgroupAttachment: ManualAttachment {
    private let program: AttachedProgram
    private let cgroup: SharedDescriptor
    private let attachType: UInt32
    private let flags: UInt32

    init(
        _ program: Program, cgroup: SharedDescriptor, attachType: UInt32, flags: UInt32, _ order: AttachOrder
    ) throws(LinuxError) {
        var request = ProgramAttachment(
            program: program.rawDescriptor, target: UInt32(bitPattern: cgroup.descriptor.rawValue),
            attachType: attachType, flags: flags | order.flags)
        request.relative = order.relative
        request.revision = order.revision
        try BPFSystemCall.attach(request)
        self.program = AttachedProgram(program)
        self.cgroup = cgroup
        self.attachType = attachType
        self.flags = flags
    }

    func end() {
        try? BPFSystemCall.detach(request(program.current.rawDescriptor))
    }

    func update(to new: Program, replacing expected: Program?) throws(LinuxError) {
        try program.replace(with: new, expecting: expected) { current throws(LinuxError) in
            var request = request(new.rawDescriptor)
            request.flags = flags
            if flags & 2 != 0 {
                // BPF_F_REPLACE (Linux 5.5): among several, the kernel must be told which one goes.
                request.flags |= 4
                request.replacing = current.rawDescriptor
            }
            try BPFSystemCall.attach(request)
        }
    }

    private func request(_ descriptor: Int32) -> ProgramAttachment {
        ProgramAttachment(
            program: descriptor, target: UInt32(bitPattern: cgroup.descriptor.rawValue), attachType: attachType)
    }
}
