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
            throw program.attachError(error, to: name)
        }
    }
}

extension Link {
    /// Runs an iterator once and answers what its program wrote: text of `bpf_seq_printf()` or records of
    /// `bpf_seq_write()`.
    ///
    /// - Parameter limit: bytes after which reading ends; nothing that the program writes later is run for.
    /// - Throws: ``BPFError`` when this is no iterator's link, or the program fails.
    /// - Note: `BPF_ITER_CREATE`, Linux 5.8.
    public func readIterator(limit: Int = 64 << 20) throws(BPFError) -> [UInt8] {
        guard let link = rawDescriptors.first else {
            throw BPFError(.invalidArgument, "the attachment to \(description) is no iterator")
        }
        do throws(LinuxError) {
            let iterator = try BPFSystemCall.createIterator(link: link)
            var bytes: [UInt8] = []
            while bytes.count < limit {
                // The kernel starts over with an object that did not fit its buffer of 8 pages.
                let part = try iterator.read(upTo: min(1 << 16, limit - bytes.count))
                if part.isEmpty { break }
                bytes += part
            }
            return bytes
        } catch {
            throw BPFError.system(error, "cannot read \(description)")
        }
    }
}
