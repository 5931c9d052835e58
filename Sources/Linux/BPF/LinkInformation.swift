// SPDX-License-Identifier: Apache-2.0

import CLinux

/// What the kernel tells about a link (`struct bpf_link_info`, Linux 5.8).
public struct LinkInformation: Sendable, Hashable {
    /// `enum bpf_link_type`.
    public let kind: UInt32
    /// The number while it lives.
    public let id: UInt32
    /// The program's number; 0 for struct_ops.
    public let programID: UInt32
    /// What it is attached to.
    public let target: Target

    /// What a link is attached to.
    public enum Target: Sendable, Hashable {
        /// A raw tracepoint, with its cookie (6.10).
        case rawTracepoint(name: String, cookie: UInt64)
        /// A function, hook or tracepoint: `enum bpf_attach_type`, the BTF object or program, and the type.
        case tracing(attachType: UInt32, object: UInt32, type: UInt32)
        /// A cgroup.
        case cgroup(id: UInt64, attachType: UInt32)
        /// An iterator's target, such as `task`.
        case iterator(name: String)
        /// A network namespace, by inode.
        case networkNamespace(inode: UInt32, attachType: UInt32)
        /// An interface: XDP (attach type 0), tcx, netkit. Index 0 means that the interface is gone.
        case interface(index: UInt32, attachType: UInt32)
        /// A map: struct_ops (attach type 0), sockmap.
        case map(id: UInt32, attachType: UInt32)
        /// A netfilter hook.
        case netfilter(family: UInt32, hook: UInt32, priority: Int32, flags: UInt32)
        /// Many kernel functions: how many, and how many runs were missed.
        case multiKprobe(count: UInt32, missed: UInt64)
        /// Many places in a binary: how many, and the process or 0.
        case multiUprobe(path: String, count: UInt32, process: UInt32)
        /// One place in a binary (6.6).
        case uprobe(path: String, offset: UInt32)
        /// One kernel function (6.6).
        case kprobe(function: String, offset: UInt32)
        /// A tracepoint (6.6), as `category:name` or `name`.
        case tracepoint(name: String)
        /// A sampling event (6.6).
        case perfEvent(type: UInt32, configuration: UInt64)
        /// The kernel does not say, or says something newer than this library.
        case unknown
    }
}

extension BPFSystemCall {
    /// Describes a link (`BPF_OBJ_GET_INFO_BY_FD`).
    public static func linkInformation(of link: Int32) throws(LinuxError) -> LinkInformation {
        var raw = skep_link_information()
        var text = [UInt8](repeating: 0, count: 4096)
        try fill(&raw, of: link)
        // The name is copied by a second call: where its pointer goes depends on the kind.
        if hasText(raw) {
            var second = skep_link_information()
            let answer = text.withUnsafeMutableBytes { buffer in
                point(&second, like: raw, at: buffer)
                return information(&second, of: link)
            }
            if answer >= 0 { raw = second }
        }
        let name = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        return LinkInformation(kind: raw.type, id: raw.id, programID: raw.prog_id, target: target(raw, name))
    }

    private static func hasText(_ raw: skep_link_information) -> Bool {
        [1, 4, 7, 12].contains(raw.type)
    }

    private static func point(
        _ second: inout skep_link_information, like first: skep_link_information,
        at buffer: UnsafeMutableRawBufferPointer
    ) {
        let pointer = address(UnsafeRawPointer(buffer.baseAddress))
        let count = UInt32(buffer.count)
        switch first.type {
        case 1:
            second.kind.raw_tracepoint.name = pointer
            second.kind.raw_tracepoint.name_len = count
        case 4:
            second.kind.iterator.target_name = pointer
            second.kind.iterator.target_name_len = count
        case 7:
            // All four kinds of perf event link have the name first, but a sampling event has a number there.
            if first.kind.perf_event.type != 6, first.kind.perf_event.type != 0 {
                second.kind.perf_event.kind.uprobe.file_name = pointer
                second.kind.perf_event.kind.uprobe.name_len = count
            }
        default:
            second.kind.multi_uprobe.path = pointer
            second.kind.multi_uprobe.path_size = count
        }
    }

    private static func target(_ raw: skep_link_information, _ name: String) -> LinkInformation.Target {
        let kind = raw.kind
        switch raw.type {
        case 1: return .rawTracepoint(name: name, cookie: kind.raw_tracepoint.cookie)
        case 2:
            return .tracing(
                attachType: kind.tracing.attach_type, object: kind.tracing.target_obj_id,
                type: kind.tracing.target_btf_id)
        case 3: return .cgroup(id: kind.cgroup.cgroup_id, attachType: kind.cgroup.attach_type)
        case 4: return .iterator(name: name)
        case 5:
            return .networkNamespace(
                inode: kind.network_namespace.netns_ino, attachType: kind.network_namespace.attach_type)
        case 6: return .interface(index: kind.interface.ifindex, attachType: 0)
        case 7: return perfTarget(raw, name)
        case 8: return .multiKprobe(count: kind.multi_kprobe.count, missed: kind.multi_kprobe.missed)
        case 9: return .map(id: kind.map.map_id, attachType: 0)
        case 10:
            let hook = kind.netfilter
            return .netfilter(family: hook.pf, hook: hook.hooknum, priority: hook.priority, flags: hook.flags)
        case 11, 13: return .interface(index: kind.interface.ifindex, attachType: kind.interface.attach_type)
        case 12:
            return .multiUprobe(path: name, count: kind.multi_uprobe.count, process: kind.multi_uprobe.pid)
        case 14: return .map(id: kind.map.map_id, attachType: kind.map.attach_type)
        default: return .unknown
        }
    }

    /// `enum bpf_perf_event_type`: 1 and 2 uprobes, 3 and 4 kprobes, 5 tracepoint, 6 event.
    private static func perfTarget(_ raw: skep_link_information, _ name: String) -> LinkInformation.Target {
        let kind = raw.kind.perf_event.kind
        switch raw.kind.perf_event.type {
        case 1, 2: return .uprobe(path: name, offset: kind.uprobe.offset)
        case 3, 4: return .kprobe(function: name, offset: kind.kprobe.offset)
        case 5: return .tracepoint(name: name)
        case 6: return .perfEvent(type: kind.event.type, configuration: kind.event.config)
        default: return .unknown
        }
    }
}
