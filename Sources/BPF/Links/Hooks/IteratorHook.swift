// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Iterators over the kernel's objects: `iter/TARGET`. The program runs for every object whenever the link is read.
///
/// - Note: Linux 5.8, `kernel/bpf/bpf_iter.c`; see ``Link/readIterator(limit:)``.
enum IteratorHook: Hook {
    static let families: [HookFamily] = [.iterator]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let target = program.spec.target ?? ""
        let name = "iter/\(target)"
        let given = options.iterator
        if given.thread != nil || given.process != nil || given.cgroup != nil, KernelVersion.current < "6.1" {
            throw BPFError(
                .notSupported,
                "iterators over one process or cgroup need Linux 6.1, this is \(KernelVersion.current)",
                context: [.init("program", program.name), .init("section", program.spec.section)])
        }
        if target == "bpf_map_elem" || target == "bpf_sk_storage_map", given.map == nil {
            throw BPFError(
                .invalidArgument, "the iterator \(program.name) goes over a map, but none is given",
                context: [.init("program", program.name)], hint: "name it with --iterate MAP")
        }
        do throws(LinuxError) {
            var cgroup: FileDescriptor?
            if let path = given.cgroup { cgroup = try ControlGroups.open(path) }
            let number = cgroup?.rawValue
            let link = try BPFSystemCall.createLink(
                LinkCreation(
                    program: program.rawDescriptor, target: 0,
                    attachType: program.spec.hook?.expectedAttachType ?? 28,
                    detail: given.isEmpty ? .none : .iterator(given.bytes(cgroup: number))))
            return Link(name, descriptor: link)
        } catch {
            if let path = given.cgroup {
                if error.errno == .noSuchFileOrDirectory, !Files.exists(path) {
                    throw BPFError(
                        .notFound, "there is no cgroup \(path)", context: [.init("program", program.name)], cause: error
                    )
                }
                if error.errno == .badFileDescriptor {
                    throw BPFError(
                        .invalidArgument, "\(path) is not a folder of a cgroup hierarchy",
                        context: [.init("program", program.name)],
                        hint: "`findmnt -t cgroup2,cgroup` shows where they are mounted", cause: error)
                }
            }
            throw program.attachError(error, to: name)
        }
    }
}
