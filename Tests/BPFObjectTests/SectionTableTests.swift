// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Foundation
import TestSupport
import Testing

/// The names of sections against what they mean to the kernel, whose numbers come from `include/linux/bpf.h`.
@Suite("Names of sections") struct SectionTableTests {
    @Test("each name means the kernel's kind of program and attach type", arguments: rows)
    func meaning(row: Row) throws {
        let found = try #require(SectionDefinition.find(row.name))
        let programs = try Self.numbers(of: "bpf_prog_type")
        let attachments = try Self.numbers(of: "bpf_attach_type")
        #expect(found.definition.name == row.name && found.target == nil)
        #expect(Int(found.definition.kind.rawValue) == programs["BPF_PROG_TYPE_" + row.program])
        let expected = row.attachment.isEmpty ? 0 : attachments["BPF_" + row.attachment]
        #expect(Int(found.definition.expectedAttachType ?? 0) == expected)
        #expect(found.definition.isSleepable == (row.name.hasSuffix(".s") || row.name == "syscall"))
        #expect(found.definition.takesFragments == row.name.contains("frags"))
    }

    @Test("a target follows a name that takes one, and only that", arguments: rows)
    func target(row: Row) {
        let found = SectionDefinition.find(row.name + "/a/b:c")
        if row.takesTarget {
            #expect(found?.definition.name == row.name && found?.target == "a/b:c")
        } else {
            #expect(found?.target == nil)
            // Older sources name network sections freely, which then mean the shorter name.
            if let name = found?.definition.name { #expect(row.name.hasPrefix(name) || name == "tc") }
        }
        #expect(SectionDefinition.find(row.name + ".unknown/a")?.target == nil)
    }

    @Test("the table holds these names and no others")
    func complete() {
        #expect(Self.rows.count == 116)
        #expect(Set(SectionDefinition.all.map(\.name)) == Set(Self.rows.map(\.name)))
        #expect(SectionDefinition.all.count == 116)
    }

    @Test("a question mark keeps a program from being loaded, and changes nothing else")
    func optional() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                """
                SEC("?kprobe.multi/vfs_*") int off(void *ctx) { return 0; }
                SEC("uprobe.s//bin/sh:main") int on(void *ctx) { return 0; }
                """), name: "optional")
        let off = try #require(spec.programs.first { $0.name == "off" })
        #expect(!off.isLoadedByDefault && off.section == "kprobe.multi/vfs_*")
        #expect(off.hook?.name == "kprobe.multi" && off.target == "vfs_*")
        let on = try #require(spec.programs.first { $0.name == "on" })
        #expect(on.isLoadedByDefault && on.hook?.name == "uprobe.s" && on.target == "/bin/sh:main")
    }

    @Test(
        "names that mean no hook are told apart",
        arguments: ["", "kprobes", "kprobe.multi.s", "iter.x/task", "sk_msg2", "lsm.cgroup"])
    func unknown(name: String) {
        #expect(SectionDefinition.find(name) == nil)
    }

    // MARK: - The table

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let program: String
        let attachment: String
        let takesTarget: Bool
        var testDescription: String { name }
    }

    /// NAME[+] KIND [ATTACH TYPE]; a plus means that a target may follow.
    static let rows: [Row] = table.split(separator: "\n").map { line in
        let words = line.split(separator: " ").map(String.init)
        let name = words[0].hasSuffix("+") ? String(words[0].dropLast()) : words[0]
        return Row(
            name: name, program: words[1], attachment: words.count > 2 ? words[2] : "",
            takesTarget: words[0].hasSuffix("+"))
    }

    private static func numbers(of enumeration: String) throws -> [String: Int] {
        let text = try String(contentsOfFile: CheckSources.root + "/include/linux/bpf.h", encoding: .utf8)
        let start = try #require(text.range(of: "enum \(enumeration) {"))
        let end = try #require(text[start.upperBound...].range(of: "}"))
        let names = text[start.upperBound..<end.lowerBound].split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { !$0.isEmpty }
        return Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    }

    private static let table = """
        socket SOCKET_FILTER
        sk_reuseport/migrate SK_REUSEPORT SK_REUSEPORT_SELECT_OR_MIGRATE
        sk_reuseport SK_REUSEPORT SK_REUSEPORT_SELECT
        kprobe+ KPROBE
        kretprobe+ KPROBE
        uprobe+ KPROBE
        uprobe.s+ KPROBE
        uretprobe+ KPROBE
        uretprobe.s+ KPROBE
        kprobe.multi+ KPROBE TRACE_KPROBE_MULTI
        kretprobe.multi+ KPROBE TRACE_KPROBE_MULTI
        kprobe.session+ KPROBE TRACE_KPROBE_SESSION
        uprobe.multi+ KPROBE TRACE_UPROBE_MULTI
        uprobe.multi.s+ KPROBE TRACE_UPROBE_MULTI
        uretprobe.multi+ KPROBE TRACE_UPROBE_MULTI
        uretprobe.multi.s+ KPROBE TRACE_UPROBE_MULTI
        uprobe.session+ KPROBE TRACE_UPROBE_SESSION
        uprobe.session.s+ KPROBE TRACE_UPROBE_SESSION
        ksyscall+ KPROBE
        kretsyscall+ KPROBE
        usdt+ KPROBE
        usdt.s+ KPROBE
        tc/ingress SCHED_CLS TCX_INGRESS
        tc/egress SCHED_CLS TCX_EGRESS
        tcx/ingress SCHED_CLS TCX_INGRESS
        tcx/egress SCHED_CLS TCX_EGRESS
        tc SCHED_CLS
        classifier SCHED_CLS
        action SCHED_ACT
        netkit/primary SCHED_CLS NETKIT_PRIMARY
        netkit/peer SCHED_CLS NETKIT_PEER
        tracepoint+ TRACEPOINT
        tracepoint.s+ TRACEPOINT
        tp+ TRACEPOINT
        tp.s+ TRACEPOINT
        raw_tracepoint+ RAW_TRACEPOINT
        raw_tracepoint.s+ RAW_TRACEPOINT
        raw_tp+ RAW_TRACEPOINT
        raw_tp.s+ RAW_TRACEPOINT
        raw_tracepoint.w+ RAW_TRACEPOINT_WRITABLE
        raw_tp.w+ RAW_TRACEPOINT_WRITABLE
        tp_btf+ TRACING TRACE_RAW_TP
        tp_btf.s+ TRACING TRACE_RAW_TP
        fentry+ TRACING TRACE_FENTRY
        fentry.s+ TRACING TRACE_FENTRY
        fexit+ TRACING TRACE_FEXIT
        fexit.s+ TRACING TRACE_FEXIT
        fmod_ret+ TRACING MODIFY_RETURN
        fmod_ret.s+ TRACING MODIFY_RETURN
        fsession+ TRACING TRACE_FSESSION
        fsession.s+ TRACING TRACE_FSESSION
        fentry.multi+ TRACING TRACE_FENTRY_MULTI
        fentry.multi.s+ TRACING TRACE_FENTRY_MULTI
        fexit.multi+ TRACING TRACE_FEXIT_MULTI
        fexit.multi.s+ TRACING TRACE_FEXIT_MULTI
        fsession.multi+ TRACING TRACE_FSESSION_MULTI
        fsession.multi.s+ TRACING TRACE_FSESSION_MULTI
        freplace+ EXT
        lsm+ LSM LSM_MAC
        lsm.s+ LSM LSM_MAC
        lsm_cgroup+ LSM LSM_CGROUP
        iter+ TRACING TRACE_ITER
        iter.s+ TRACING TRACE_ITER
        syscall SYSCALL
        xdp.frags/devmap XDP XDP_DEVMAP
        xdp/devmap XDP XDP_DEVMAP
        xdp.frags/cpumap XDP XDP_CPUMAP
        xdp/cpumap XDP XDP_CPUMAP
        xdp.frags XDP XDP
        xdp XDP XDP
        perf_event PERF_EVENT
        lwt_in LWT_IN
        lwt_out LWT_OUT
        lwt_xmit LWT_XMIT
        lwt_seg6local LWT_SEG6LOCAL
        sockops SOCK_OPS CGROUP_SOCK_OPS
        sk_skb/stream_parser SK_SKB SK_SKB_STREAM_PARSER
        sk_skb/stream_verdict SK_SKB SK_SKB_STREAM_VERDICT
        sk_skb/verdict SK_SKB SK_SKB_VERDICT
        sk_skb SK_SKB
        sk_msg SK_MSG SK_MSG_VERDICT
        lirc_mode2 LIRC_MODE2 LIRC_MODE2
        flow_dissector FLOW_DISSECTOR FLOW_DISSECTOR
        cgroup_skb/ingress CGROUP_SKB CGROUP_INET_INGRESS
        cgroup_skb/egress CGROUP_SKB CGROUP_INET_EGRESS
        cgroup/skb CGROUP_SKB
        cgroup/sock_create CGROUP_SOCK CGROUP_INET_SOCK_CREATE
        cgroup/sock_release CGROUP_SOCK CGROUP_INET_SOCK_RELEASE
        cgroup/sock CGROUP_SOCK CGROUP_INET_SOCK_CREATE
        cgroup/post_bind4 CGROUP_SOCK CGROUP_INET4_POST_BIND
        cgroup/post_bind6 CGROUP_SOCK CGROUP_INET6_POST_BIND
        cgroup/bind4 CGROUP_SOCK_ADDR CGROUP_INET4_BIND
        cgroup/bind6 CGROUP_SOCK_ADDR CGROUP_INET6_BIND
        cgroup/connect4 CGROUP_SOCK_ADDR CGROUP_INET4_CONNECT
        cgroup/connect6 CGROUP_SOCK_ADDR CGROUP_INET6_CONNECT
        cgroup/connect_unix CGROUP_SOCK_ADDR CGROUP_UNIX_CONNECT
        cgroup/sendmsg4 CGROUP_SOCK_ADDR CGROUP_UDP4_SENDMSG
        cgroup/sendmsg6 CGROUP_SOCK_ADDR CGROUP_UDP6_SENDMSG
        cgroup/sendmsg_unix CGROUP_SOCK_ADDR CGROUP_UNIX_SENDMSG
        cgroup/recvmsg4 CGROUP_SOCK_ADDR CGROUP_UDP4_RECVMSG
        cgroup/recvmsg6 CGROUP_SOCK_ADDR CGROUP_UDP6_RECVMSG
        cgroup/recvmsg_unix CGROUP_SOCK_ADDR CGROUP_UNIX_RECVMSG
        cgroup/getpeername4 CGROUP_SOCK_ADDR CGROUP_INET4_GETPEERNAME
        cgroup/getpeername6 CGROUP_SOCK_ADDR CGROUP_INET6_GETPEERNAME
        cgroup/getpeername_unix CGROUP_SOCK_ADDR CGROUP_UNIX_GETPEERNAME
        cgroup/getsockname4 CGROUP_SOCK_ADDR CGROUP_INET4_GETSOCKNAME
        cgroup/getsockname6 CGROUP_SOCK_ADDR CGROUP_INET6_GETSOCKNAME
        cgroup/getsockname_unix CGROUP_SOCK_ADDR CGROUP_UNIX_GETSOCKNAME
        cgroup/sysctl CGROUP_SYSCTL CGROUP_SYSCTL
        cgroup/getsockopt CGROUP_SOCKOPT CGROUP_GETSOCKOPT
        cgroup/setsockopt CGROUP_SOCKOPT CGROUP_SETSOCKOPT
        cgroup/dev CGROUP_DEVICE CGROUP_DEVICE
        struct_ops+ STRUCT_OPS
        struct_ops.s+ STRUCT_OPS
        sk_lookup SK_LOOKUP SK_LOOKUP
        netfilter NETFILTER NETFILTER
        """
}
