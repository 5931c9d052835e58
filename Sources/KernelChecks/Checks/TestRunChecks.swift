// SPDX-License-Identifier: Apache-2.0

import BPF
import Bytes
import CheckWorkload
import Linux

extension KernelCheck {
    /// Programs run on test data: exact return values, packets and contexts.
    static let testRunChecks = [
        KernelCheck(
            "a test run of XDP answers verdict, changed packet and duration", subject: .feature("test run: xdp")
        ) {
            let object = try CheckObject.load("testrun", programs: ["run_xdp"])
            var options = TestRunOptions(data: frame)
            options.repetitions = 1
            let outcome = try object.program(named: "run_xdp").testRun(options)
            try expectSame(outcome.returnValue, 3, "the return value")
            try expectSame(outcome.verdict, "XDP_TX", "the verdict")
            try expectSame(outcome.data, [0xca, 0xfe, 0, 0] + frame, "the packet")
            return try expectHits(object, 1)
        },
        KernelCheck(
            "a test run of XDP reads and answers a context", minimumKernel: "5.15",
            subject: .feature("test run: xdp context")
        ) {
            let object = try CheckObject.load("testrun", programs: ["run_xdp"])
            // struct xdp_md: data, data_end, data_meta, then three numbers of interfaces and queues.
            var options = TestRunOptions(data: frame, context: words([0, 64, 0, 0, 0, 0]))
            options.repetitions = 1
            let outcome = try object.program(named: "run_xdp").testRun(options)
            try expectSame(Array(outcome.context.prefix(8)), words([0, 68]), "data and data_end afterwards")
            return .passed
        },
        KernelCheck(
            "a test run of live XDP frames passes every frame on", minimumKernel: "5.18",
            subject: .feature("test run: live xdp")
        ) {
            // The netkit devices of a guest without modules take no frames from XDP.
            if isIncomplete { return .skipped(incompleteness) }
            let network = try CheckNetwork("skep-a", "skep-b")
            let counter = try CheckObject.load("network", programs: ["on_frame"])
            let link = try counter.program(named: "on_frame").attach(network.options(for: "skep-b"))
            var spec = try CheckObject.spec("testrun")
            try spec.setVariable("out_interface", to: try network.index(of: "skep-a"))
            var loading = LoadOptions()
            loading.programs = ["run_live"]
            let program = try LoadedObject(spec, options: loading).program(named: "run_live")
            var options = TestRunOptions(data: frame)
            options.repetitions = 150
            options.batchSize = 32
            options.isLive = true
            let given = options
            let result = try network.inside { () throws(LinuxError) -> Result<TestRunOutcome, BPFError> in
                do throws(BPFError) { return .success(try program.testRun(given)) } catch { return .failure(error) }
            }
            _ = try result.get()
            skep_workload_sleep(100)
            try expectSame(try counter.number("xdp_hits"), 150, "frames at the other end")
            link.detach()
            return .passed
        },
        KernelCheck("a test run of tc answers verdict and context", subject: .feature("test run: sched_cls")) {
            var context = [UInt8](repeating: 0, count: 192)
            context[8] = 37  // __sk_buff.mark
            let outcome = try run("run_tc", TestRunOptions(data: frame, context: context))
            try expectSame(outcome.returnValue, 2, "the return value")
            try expectSame(outcome.verdict, "TC_ACT_SHOT", "the verdict")
            try expectSame(outcome.data, frame, "the packet")
            try expectSame(Array(outcome.context.prefix(12).suffix(4)), words([42]), "the mark afterwards")
            return .passed
        },
        returning("sched_act", "run_action", 4, "TC_ACT_STOLEN"),
        // Programs of sockets and cgroups see the packet from its network header on.
        returning("socket_filter", "run_socket", 50, nil),
        returning("cgroup_skb", "run_cgroup", 1, nil, options: ["CONFIG_CGROUP_BPF"]),
        returning("lwt_xmit", "run_tunnel", 2, "BPF_DROP", options: ["CONFIG_LWTUNNEL_BPF"]),
        KernelCheck("a test run of a flow dissector answers its keys", subject: .feature("test run: flow_dissector")) {
            let outcome = try run("run_dissector", TestRunOptions(data: frame))
            // Before 6.1 the kernel answers whether the packet was dissected, and not what the program returned.
            if KernelVersion.current >= "6.1" { try expectSame(outcome.verdict, "BPF_OK", "the verdict") }
            let keys = OwnedBytes(outcome.data)
            // struct bpf_flow_keys: nhoff, thoff, addr_proto, is_frag, is_first_frag, is_encap, ip_proto, n_proto.
            try expectSame(keys.span.integer(at: 2, as: UInt16.self, order: .host), 34, "thoff")
            try expectSame(keys.span.integer(at: 9, as: UInt8.self, order: .host), 17, "ip_proto")
            return .passed
        },
        KernelCheck(
            "a test run of a raw tracepoint takes arguments and a CPU", subject: .feature("test run: raw_tracepoint")
        ) {
            var options = TestRunOptions(context: words([1200, 0, 34, 0]))
            options.cpu = 0
            try expectSame(try run("run_raw", options).returnValue, 1234, "the return value")
            return .passed
        },
        KernelCheck(
            "a test run of a socket lookup reads its context", minimumKernel: "5.13",
            subject: .feature("test run: sk_lookup")
        ) {
            var context = [UInt8](repeating: 0, count: 64)
            context.replaceSubrange(8..<16, with: words([2, 6]))  // AF_INET, TCP
            context.replaceSubrange(60..<64, with: words([8080]))  // local_port
            let outcome = try run("run_lookup", TestRunOptions(context: context))
            try expectSame(outcome.returnValue, 1, "the return value")
            try expectSame(outcome.verdict, "SK_PASS", "the verdict")
            return .passed
        },
        KernelCheck(
            "a test run of a syscall program changes its context", minimumKernel: "5.14",
            subject: .feature("test run: syscall")
        ) {
            let outcome = try run("run_call", TestRunOptions(context: words([40, 0, 2, 0, 0, 0])))
            try expectSame(outcome.returnValue, 7, "the return value")
            try expectSame(outcome.context, words([40, 0, 2, 0, 42, 0]), "the context")
            return .passed
        },
        KernelCheck(
            "a test run of netfilter answers its verdict", minimumKernel: "6.4",
            subject: .feature("test run: netfilter"), options: ["CONFIG_NETFILTER_BPF_LINK"]
        ) {
            let outcome = try run("run_netfilter", TestRunOptions(data: Array(frame)))
            try expectSame(outcome.returnValue, 1, "the return value")
            try expectSame(outcome.verdict, "NF_ACCEPT", "the verdict")
            return .passed
        },
        KernelCheck(
            "a test run of a function's entry calls the kernel's own test functions",
            subject: .feature("test run: tracing"), options: ["CONFIG_DEBUG_INFO_BTF"]
        ) {
            let object = try CheckObject.load("testrun", programs: ["run_entry"])
            let program = try object.program(named: "run_entry")
            let link = try program.attach()
            _ = try program.testRun(TestRunOptions())
            // The kernel calls bpf_fentry_test1(1) once.
            try expectSame(try object.number("hits"), 1, "the sum of the function's arguments")
            link.detach()
            return .passed
        },
        KernelCheck("what the kernel cannot run on test data is said in a sentence") {
            let program = try CheckObject.load("testrun", programs: ["run_tc"]).program(named: "run_tc")
            do throws(BPFError) {
                _ = try program.testRun(TestRunOptions(data: [1, 2, 3]))
                return .failed("the kernel ran it")
            } catch {
                try expectSame(
                    error.message, "sched_cls programs run on a packet of at least 14 bytes, and 3 were given",
                    "the error")
                try expectSame(error.code, .invalidArgument, "its code")
            }
            return .passed
        },
    ]

    /// An Ethernet frame of 64 bytes, of the ethertype that checks count.
    private static let frame: [UInt8] =
        [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5] + (0..<50).map { $0 }

    private static func words(_ values: [UInt32]) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
    }

    private static func run(_ program: String, _ options: TestRunOptions) throws -> TestRunOutcome {
        try CheckObject.load("testrun", programs: [program]).program(named: program).testRun(options)
    }

    private static func returning(
        _ kind: String, _ program: String, _ value: UInt32, _ verdict: String?, options: [String] = []
    ) -> KernelCheck {
        KernelCheck(
            "a test run of \(kind) answers \(value)", subject: .feature("test run: \(kind)"), options: options
        ) {
            let outcome = try run(program, TestRunOptions(data: frame))
            try expectSame(outcome.returnValue, value, "the return value")
            try expectSame(outcome.verdict, verdict, "the verdict")
            return .passed
        }
    }

    private static func expectHits(_ object: LoadedObject, _ count: UInt64) throws -> CheckOutcome {
        try expectSame(try object.number("hits"), count, "runs")
        return .passed
    }
}
