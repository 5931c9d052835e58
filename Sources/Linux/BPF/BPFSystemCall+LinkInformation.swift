// SPDX-License-Identifier: Apache-2.0

import CLinux

extension BPFSystemCall {
    /// More places than this are counted, but not listed.
    private static let listLimit: UInt32 = 1 << 16

    /// Describes a link (`BPF_OBJ_GET_INFO_BY_FD`).
    public static func linkInformation(of link: Int32) throws(LinuxError) -> LinkInformation {
        var raw = skep_link_information()
        try fill(&raw, of: link)
        // Names and lists are copied by a second call: where their pointers go depends on the kind.
        let target: LinkInformation.Target
        switch raw.type {
        case 1, 4, 7: target = named(raw, of: link)
        case 8: target = multiKprobe(raw, of: link)
        case 12: target = multiUprobe(raw, of: link)
        default: target = plain(raw)
        }
        return LinkInformation(kind: LinkKind(rawValue: raw.type), id: raw.id, programID: raw.prog_id, target: target)
    }

    private static func plain(_ raw: skep_link_information) -> LinkInformation.Target {
        let kind = raw.kind
        switch raw.type {
        case 2:
            return .tracing(
                attachType: kind.tracing.attach_type, object: kind.tracing.target_obj_id,
                type: kind.tracing.target_btf_id, cookie: kind.tracing.cookie)
        case 3: return .cgroup(id: kind.cgroup.cgroup_id, attachType: kind.cgroup.attach_type)
        case 5:
            return .networkNamespace(
                inode: kind.network_namespace.netns_ino, attachType: kind.network_namespace.attach_type)
        case 6: return .interface(index: kind.interface.ifindex, attachType: 37)
        case 9: return .map(id: kind.map.map_id, attachType: 44)
        case 10:
            let hook = kind.netfilter
            return .netfilter(family: hook.pf, hook: hook.hooknum, priority: hook.priority, flags: hook.flags)
        case 11, 13: return .interface(index: kind.interface.ifindex, attachType: kind.interface.attach_type)
        case 14: return .map(id: kind.map.map_id, attachType: kind.map.attach_type)
        default: return .unknown
        }
    }

    // MARK: - Names

    private static func named(_ first: skep_link_information, of link: Int32) -> LinkInformation.Target {
        var text = [UInt8](repeating: 0, count: 4096)
        var raw = skep_link_information()
        let answer = text.withUnsafeMutableBytes { buffer in
            point(&raw, like: first, at: buffer)
            return information(&raw, of: link)
        }
        if answer < 0 { raw = first }
        let name = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        switch raw.type {
        case 1: return .rawTracepoint(name: name, cookie: raw.kind.raw_tracepoint.cookie)
        case 4: return .iterator(iterator(raw, name))
        default: return perfTarget(raw, name)
        }
    }

    /// The kernel writes a thread and a process, or a cgroup, into the same place; the name says which.
    private static func iterator(_ raw: skep_link_information, _ name: String) -> LinkInformation.Iterator {
        let target = raw.kind.iterator
        let isTask = name.hasPrefix("task"), isCgroup = name == "cgroup"
        let (thread, process) = withUnsafeBytes(of: target.cgroup_or_task) { bytes in
            (bytes.load(as: UInt32.self), bytes.load(fromByteOffset: 4, as: UInt32.self))
        }
        return LinkInformation.Iterator(
            name: name, map: target.map_id, thread: isTask ? thread : 0, process: isTask ? process : 0,
            cgroup: isCgroup ? target.cgroup_or_task : 0, order: isCgroup ? target.order : 0)
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
        default:
            // All four kinds of perf event link have the name first, but a sampling event has a number there.
            if first.kind.perf_event.type != 6, first.kind.perf_event.type != 0 {
                second.kind.perf_event.kind.uprobe.file_name = pointer
                second.kind.perf_event.kind.uprobe.name_len = count
            }
        }
    }

    /// `enum bpf_perf_event_type`: 1 and 2 uprobes, 3 and 4 kprobes, 5 tracepoint, 6 event.
    private static func perfTarget(_ raw: skep_link_information, _ name: String) -> LinkInformation.Target {
        let kind = raw.kind.perf_event.kind
        let type = raw.kind.perf_event.type
        switch type {
        case 1, 2:
            return .uprobe(path: name, offset: kind.uprobe.offset, cookie: kind.uprobe.cookie, isReturn: type == 2)
        case 3, 4:
            return .kprobe(
                function: name, offset: kind.kprobe.offset, address: kind.kprobe.addr, missed: kind.kprobe.missed,
                cookie: kind.kprobe.cookie, isReturn: type == 4)
        case 5: return .tracepoint(name: name, cookie: kind.tracepoint.cookie)
        case 6:
            return .perfEvent(type: kind.event.type, configuration: kind.event.config, cookie: kind.event.cookie)
        default: return .unknown
        }
    }

    // MARK: - Lists

    private static func multiKprobe(_ first: skep_link_information, of link: Int32) -> LinkInformation.Target {
        let known = first.kind.multi_kprobe
        let count = known.count <= listLimit ? Int(known.count) : 0
        var addresses = [UInt64](repeating: 0, count: count)
        var cookies = [UInt64](repeating: 0, count: count)
        var isListed = false
        // Kernels before 6.9 have no place for cookies, and refuse a pointer to one.
        for asksCookies in [true, false] where count > 0 && !isListed {
            var raw = skep_link_information()
            raw.kind.multi_kprobe.count = UInt32(count)
            let answer = addresses.withUnsafeMutableBytes { addresses in
                cookies.withUnsafeMutableBytes { cookies in
                    raw.kind.multi_kprobe.addrs = address(addresses.baseAddress)
                    raw.kind.multi_kprobe.cookies = asksCookies ? address(cookies.baseAddress) : 0
                    return information(&raw, of: link)
                }
            }
            isListed = answer >= 0
            if !asksCookies { cookies = [] }
        }
        return .multiKprobe(
            LinkInformation.MultiKprobe(
                count: known.count, addresses: isListed ? addresses : [], cookies: isListed ? cookies : [],
                missed: known.missed, isReturn: known.flags & 1 != 0))
    }

    private static func multiUprobe(_ first: skep_link_information, of link: Int32) -> LinkInformation.Target {
        let known = first.kind.multi_uprobe
        let count = known.count <= listLimit ? Int(known.count) : 0
        var path = [UInt8](repeating: 0, count: 4096)
        var lists = [UInt64](repeating: 0, count: count * 3)
        var raw = skep_link_information()
        let answer = path.withUnsafeMutableBytes { path in
            lists.withUnsafeMutableBytes { lists in
                raw.kind.multi_uprobe.path = address(path.baseAddress)
                raw.kind.multi_uprobe.path_size = UInt32(path.count)
                if count > 0, let start = lists.baseAddress {
                    raw.kind.multi_uprobe.count = UInt32(count)
                    raw.kind.multi_uprobe.offsets = address(start)
                    raw.kind.multi_uprobe.ref_ctr_offsets = address(start + count * 8)
                    raw.kind.multi_uprobe.cookies = address(start + count * 16)
                }
                return information(&raw, of: link)
            }
        }
        func list(_ index: Int) -> [UInt64] {
            answer < 0 ? [] : [UInt64](lists[index * count..<(index + 1) * count])
        }
        return .multiUprobe(
            LinkInformation.MultiUprobe(
                path: String(decoding: path.prefix { $0 != 0 }, as: UTF8.self), count: known.count, offsets: list(0),
                counters: list(1), cookies: list(2), process: known.pid, isReturn: known.flags & 1 != 0))
    }
}
