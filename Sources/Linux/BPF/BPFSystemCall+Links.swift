// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

extension BPFSystemCall {
    /// Attaches a program through a link (`BPF_LINK_CREATE`, Linux 5.7; kinds came one by one).
    ///
    /// - Throws: `EINVAL` when the kernel does not know this kind of link, `EBUSY` or `EEXIST` when the place is taken.
    public static func createLink(_ creation: LinkCreation) throws(LinuxError) -> FileDescriptor {
        var attributes = skep_link_create()
        attributes.prog_fd = UInt32(bitPattern: creation.program)
        attributes.target = creation.target
        attributes.attach_type = creation.attachType
        attributes.flags = creation.flags
        let answer: Int
        switch creation.detail {
        case .none:
            answer = call(.createLink, &attributes)
        case .targetType(let type):
            attributes.kind.target_btf_id = type
            answer = call(.createLink, &attributes)
        case .iterator(let information):
            answer = information.withUnsafeBytes { bytes in
                attributes.kind.iterator.iter_info = address(bytes.baseAddress)
                attributes.kind.iterator.iter_info_len = UInt32(clamping: bytes.count)
                return call(.createLink, &attributes)
            }
        case .perfEvent(let cookie):
            attributes.kind.perf_event_cookie = cookie
            answer = call(.createLink, &attributes)
        case .multiKprobe(let flags, let symbols, let addresses, let cookies):
            answer = createMultiKprobe(&attributes, flags, symbols, addresses, cookies)
        case .tracing(let type, let cookie):
            attributes.kind.tracing.target_btf_id = type
            attributes.kind.tracing.cookie = cookie
            answer = call(.createLink, &attributes)
        case .netfilter(let family, let hook, let priority, let flags):
            attributes.kind.netfilter = .init(pf: family, hooknum: hook, priority: priority, flags: flags)
            answer = call(.createLink, &attributes)
        case .ordered(let relative, let revision):
            attributes.kind.ordered.relative = relative
            attributes.kind.ordered.expected_revision = revision
            answer = call(.createLink, &attributes)
        case .multiUprobe(let path, let offsets, let counters, let cookies, let flags, let process):
            answer = createMultiUprobe(&attributes, path, offsets, counters, cookies, flags, process)
        case .multiTracing(let types, let cookies):
            answer = createMultiTracing(&attributes, types, cookies)
        }
        return try descriptor(answer, .createLink)
    }

    private static func createMultiKprobe(
        _ attributes: inout skep_link_create, _ flags: UInt32, _ symbols: [String], _ addresses: [UInt64],
        _ cookies: [UInt64]
    ) -> Int {
        let invalid = -Int(Errno.invalidArgument.rawValue)
        let count = symbols.isEmpty ? addresses.count : symbols.count
        guard cookies.isEmpty || cookies.count == count else { return invalid }
        let names = symbols.map { strdup($0) }
        defer { names.forEach { free($0) } }
        return names.withUnsafeBytes { names in
            addresses.withUnsafeBytes { addresses in
                cookies.withUnsafeBytes { cookies in
                    attributes.kind.multi_kprobe.flags = flags
                    attributes.kind.multi_kprobe.cnt = UInt32(clamping: count)
                    attributes.kind.multi_kprobe.syms = names.isEmpty ? 0 : address(names.baseAddress)
                    attributes.kind.multi_kprobe.addrs = names.isEmpty ? address(addresses.baseAddress) : 0
                    attributes.kind.multi_kprobe.cookies = cookies.isEmpty ? 0 : address(cookies.baseAddress)
                    return call(.createLink, &attributes)
                }
            }
        }
    }

    private static func createMultiUprobe(
        _ attributes: inout skep_link_create, _ path: String, _ offsets: [UInt64], _ counters: [UInt64],
        _ cookies: [UInt64], _ flags: UInt32, _ process: UInt32
    ) -> Int {
        guard counters.isEmpty || counters.count == offsets.count, cookies.isEmpty || cookies.count == offsets.count
        else { return -Int(Errno.invalidArgument.rawValue) }
        return path.withCString { path in
            offsets.withUnsafeBytes { offsets in
                counters.withUnsafeBytes { counters in
                    cookies.withUnsafeBytes { cookies in
                        attributes.kind.multi_uprobe.path = address(UnsafeRawPointer(path))
                        attributes.kind.multi_uprobe.offsets = address(offsets.baseAddress)
                        attributes.kind.multi_uprobe.ref_ctr_offsets =
                            counters.isEmpty ? 0 : address(counters.baseAddress)
                        attributes.kind.multi_uprobe.cookies = cookies.isEmpty ? 0 : address(cookies.baseAddress)
                        attributes.kind.multi_uprobe.cnt = UInt32(clamping: offsets.count / 8)
                        attributes.kind.multi_uprobe.flags = flags
                        attributes.kind.multi_uprobe.pid = process
                        return call(.createLink, &attributes)
                    }
                }
            }
        }
    }

    private static func createMultiTracing(
        _ attributes: inout skep_link_create, _ types: [UInt32], _ cookies: [UInt64]
    ) -> Int {
        guard cookies.isEmpty || cookies.count == types.count else { return -Int(Errno.invalidArgument.rawValue) }
        return types.withUnsafeBytes { types in
            cookies.withUnsafeBytes { cookies in
                attributes.kind.multi_tracing.ids = address(types.baseAddress)
                attributes.kind.multi_tracing.cookies = cookies.isEmpty ? 0 : address(cookies.baseAddress)
                attributes.kind.multi_tracing.cnt = UInt32(clamping: types.count / 4)
                return call(.createLink, &attributes)
            }
        }
    }

    /// Replaces a link's program without a gap (`BPF_LINK_UPDATE`, Linux 5.7), or its struct_ops map (6.4).
    ///
    /// - Parameter old: the program that the link must still have, or `nil` for any.
    public static func updateLink(
        _ link: Int32, program: Int32, replacing old: Int32? = nil
    ) throws(LinuxError) {
        var attributes = skep_link_update()
        attributes.link_fd = UInt32(bitPattern: link)
        attributes.new_fd = UInt32(bitPattern: program)
        if let old {
            attributes.flags = 1 << 2  // BPF_F_REPLACE
            attributes.old_fd = UInt32(bitPattern: old)
        }
        try check(call(.updateLink, &attributes), .updateLink)
    }

    /// Ends an attachment while its link stays open (`BPF_LINK_DETACH`, Linux 5.9).
    public static func detachLink(_ link: Int32) throws(LinuxError) {
        var attributes = skep_one_number(value: UInt32(bitPattern: link))
        try check(call(.detachLink, &attributes), .detachLink)
    }

    /// Attaches a raw tracepoint or BTF tracing program (`BPF_RAW_TRACEPOINT_OPEN`, Linux 4.17).
    ///
    /// - Parameters:
    ///   - program: the program's descriptor.
    ///   - name: the tracepoint; `nil` for tracing and LSM programs, whose target was given at load.
    ///   - cookie: what `bpf_get_attach_cookie` answers (Linux 6.10); 0 for none.
    public static func openRawTracepoint(
        program: Int32, name: String?, cookie: UInt64 = 0
    ) throws(LinuxError) -> FileDescriptor {
        var attributes = skep_raw_tracepoint_open()
        attributes.prog_fd = UInt32(bitPattern: program)
        attributes.cookie = cookie
        let answer: Int
        if let name {
            answer = name.withCString { text in
                attributes.name = address(UnsafeRawPointer(text))
                return call(.openRawTracepoint, &attributes)
            }
        } else {
            answer = call(.openRawTracepoint, &attributes)
        }
        return try descriptor(answer, .openRawTracepoint)
    }
}
