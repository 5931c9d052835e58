// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// What the kernel wants to run a kind of program for a test.
///
/// Source: the `test_run` operations of `net/bpf/test_run.c`, `kernel/trace/bpf_trace.c` and
/// `net/netfilter/nf_bpf_link.c`.
struct TestRunNeeds {
    /// The first Linux version that runs this kind.
    let minimumVersion: KernelVersion
    /// The smallest packet; `nil` when the kind takes none.
    var smallestPacket: Int?
    /// The first version that takes a context; `nil` when the kind takes none.
    var contextSince: KernelVersion?
    /// Whether it cannot run without a context.
    var needsContext = false
    /// Whether the kernel answers a context.
    var answersContext = false
    /// Whether it runs more than once.
    var repeats = false
    /// Whether a CPU can be chosen.
    var takesCPU = false

    /// What a kind needs, or `nil` when no kernel runs it.
    static func of(_ kind: ProgramKind) -> TestRunNeeds? {
        switch kind.description {
        case "socket_filter", "sched_cls", "sched_act", "cgroup_skb", "lwt_in", "lwt_out", "lwt_xmit":
            TestRunNeeds(
                minimumVersion: "4.12", smallestPacket: 14, contextSince: "5.2", answersContext: true, repeats: true)
        case "lwt_seg6local":
            TestRunNeeds(
                minimumVersion: "4.18", smallestPacket: 14, contextSince: "5.2", answersContext: true, repeats: true)
        case "xdp":
            TestRunNeeds(
                minimumVersion: "4.12", smallestPacket: 14, contextSince: "5.15", answersContext: true, repeats: true)
        case "flow_dissector":
            TestRunNeeds(minimumVersion: "5.0", smallestPacket: 14, contextSince: "5.4", repeats: true)
        case "raw_tracepoint": TestRunNeeds(minimumVersion: "5.10", contextSince: "5.10", takesCPU: true)
        case "tracing": TestRunNeeds(minimumVersion: "5.5")
        case "sk_lookup":
            TestRunNeeds(
                minimumVersion: "5.13", contextSince: "5.13", needsContext: true, answersContext: true, repeats: true)
        case "syscall": TestRunNeeds(minimumVersion: "5.14", contextSince: "5.14")
        case "struct_ops": TestRunNeeds(minimumVersion: "5.17", contextSince: "5.17", needsContext: true)
        case "netfilter":
            TestRunNeeds(
                minimumVersion: "6.4", smallestPacket: 20, contextSince: "6.4", answersContext: true, repeats: true)
        default: nil
        }
    }
}

/// The names of return values.
enum TestRunVerdict {
    /// What a return value of a kind of program is called in C, or `nil` where it is a number only.
    static func name(of value: UInt32, kind: ProgramKind) -> String? {
        switch kind.description {
        case "xdp": xdp[value]
        case "sched_cls", "sched_act": trafficControl[value]
        case "lwt_in", "lwt_out", "lwt_xmit", "lwt_seg6local": routes[value]
        case "sk_lookup": ["SK_DROP", "SK_PASS"].element(value)
        case "netfilter": ["NF_DROP", "NF_ACCEPT"].element(value)
        case "flow_dissector": [0: "BPF_OK", 2: "BPF_DROP", 129: "BPF_FLOW_DISSECTOR_CONTINUE"][value]
        default: nil
        }
    }

    /// `enum xdp_action`.
    private static let xdp: [UInt32: String] = [
        0: "XDP_ABORTED", 1: "XDP_DROP", 2: "XDP_PASS", 3: "XDP_TX", 4: "XDP_REDIRECT",
    ]
    /// `TC_ACT_*` of `include/uapi/linux/pkt_cls.h`.
    private static let trafficControl: [UInt32: String] = [
        0: "TC_ACT_OK", 1: "TC_ACT_RECLASSIFY", 2: "TC_ACT_SHOT", 3: "TC_ACT_PIPE", 4: "TC_ACT_STOLEN",
        5: "TC_ACT_QUEUED", 6: "TC_ACT_REPEAT", 7: "TC_ACT_REDIRECT", 8: "TC_ACT_TRAP", .max: "TC_ACT_UNSPEC",
    ]
    /// `enum bpf_ret_code`.
    private static let routes: [UInt32: String] = [
        0: "BPF_OK", 2: "BPF_DROP", 7: "BPF_REDIRECT", 128: "BPF_LWT_REROUTE",
    ]
}

extension [String] {
    fileprivate func element(_ index: UInt32) -> String? { index < UInt32(count) ? self[Int(index)] : nil }
}
