// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

extension KernelCheck {
    /// Every way to watch functions and events sees exactly what this thread does.
    static let tracingHookChecks =
        kernelFunctionChecks + typedFunctionChecks + userFunctionChecks + staticProbeChecks + performanceEventChecks
        + iteratorChecks + replacementChecks

    /// Probes on kernel functions, by their names.
    private static let kernelFunctionChecks = [
        TracedCalls("kprobe", "kprobe_plain", "probes a function through tracefs", options: kprobes) {
            $0.symbol = systemCall("getpgid")
            $0.probeMethod = .traceFiles
        }.check(hits: 100, sum: 100),
        TracedCalls("kprobe", "kprobe_cookie", "is given a cookie", since: "5.15", options: kprobes) {
            $0.symbol = systemCall("getpgid")
            $0.cookie = 7
        }.check(hits: 100, sum: 700, subject: .feature("cookies of kprobe programs")),
        KernelCheck(
            "the tracing hook kprobe sees a function of a module", guestOnly: true,
            subject: .feature("kprobe on functions of modules"),
            options: kprobes
        ) {
            try makeNetworks("tracinghooks", "kprobe_module")
        },
        TracedCalls("kprobe.multi", "kprobe_multi", "takes a pattern", since: "5.18", options: manyProbes)
            .check(hits: 200, sum: 200),
        TracedCalls(
            "kprobe.multi", "kprobe_multi_cookies", "gives functions cookies", since: "5.18", options: manyProbes
        ) {
            $0.symbols = [systemCall("getpriority"), systemCall("getpgid")]
            $0.cookies = [1000, 1]
        }.check(hits: 200, sum: 100_100),
        TracedCalls("kretprobe.multi", "kretprobe_multi", "takes a pattern", since: "5.18", options: manyProbes)
            .check(hits: 200, sum: 200),
        TracedCalls("kprobe.session", "kprobe_session", "sees starts and ends", since: "6.10", options: manyProbes)
            .check(hits: 400, sum: 400),
        TracedCalls("kprobe.session", "kprobe_session_start", "leaves ends out", since: "6.10", options: manyProbes)
            .check(hits: 200, sum: 200),
        TracedCalls("ksyscall", "ksyscall", "reads an argument", calls, options: kprobes)
            .check(hits: 100, sum: 5050) { skep_workload_get_groups_of($0) },
        KernelCheck(
            "the tracing hook kretsyscall reads a result", subject: .hook("kretsyscall"), options: kprobes
        ) {
            let expected = UInt64(skep_workload_get_priority(100))
            return try TracedCalls("kretsyscall", "kretsyscall", "", calls).run(100, expected) {
                _ = skep_workload_get_priority($0)
            }
        },
    ]

    /// Programs at kernel functions, tracepoints and security hooks that are found by their types.
    private static let typedFunctionChecks = [
        TracedCalls("fentry", "fentry_cookie", "is given a cookie", typed, since: "5.19") { $0.cookie = 7 }
            .check(hits: 100, sum: 700, subject: .feature("cookies of fentry programs")),
        TracedCalls("fentry.s", "fentry_sleepable", "may sleep in a system call", typed, since: "7.1")
            .check(hits: 100, sum: 100, subject: .feature("programs that sleep in system calls")),
        TracedCalls("fexit.s", "fexit_sleepable", "may sleep in a system call", typed, since: "7.1")
            .check(hits: 100, sum: 100, subject: .feature("programs that sleep in system calls")),
        marked("fentry.s", "fentry_marked"),
        marked("fexit.s", "fexit_marked"),
        marked("fmod_ret.s", "modify_return_marked"),
        marked("fsession.s", "session_marked", since: "7.0", hits: 2),
        KernelCheck(
            "the tracing hook fentry sees a function of a module", minimumKernel: "5.11", guestOnly: true,
            subject: .feature("fentry on functions of modules")
        ) {
            try makeNetworks(typed, "fentry_module")
        },
        TracedCalls("fmod_ret", "modify_return", "sees files opened", typed).check(hits: 100, sum: 100, guestOnly: true)
        {
            _ = skep_workload_open_files($0)
        },
        TracedCalls("fmod_ret.s", "modify_return_sleepable", "may sleep in a system call", typed, since: "7.1").check(
            hits: 100, sum: 100, guestOnly: true, subject: .feature("programs that sleep in system calls")),
        TracedCalls("fsession.s", "session_sleepable", "may sleep in a system call", typed, since: "7.1").check(
            hits: 200, sum: 200, subject: .feature("programs that sleep in system calls")),
        TracedCalls("fentry.multi.s", "fentry_multi_sleepable", "may sleep", typed, since: "7.2").check(
            hits: 200, sum: 200),
        TracedCalls("fexit.multi.s", "fexit_multi_sleepable", "may sleep", typed, since: "7.2").check(
            hits: 200, sum: 200),
        TracedCalls("fsession.multi.s", "session_multi_sleepable", "may sleep", typed, since: "7.2").check(
            hits: 400, sum: 400),
        TracedCalls("tp_btf.s", "typed_tracepoint_sleepable", "may sleep", typed, since: "7.1").check(
            hits: 100, sum: 100),
        TracedCalls("raw_tracepoint.s", "raw_tracepoint_sleepable", "may sleep", since: "7.1").check(
            hits: 100, sum: 100),
        TracedCalls("tracepoint.s", "tracepoint_sleepable", "may sleep", since: "7.1").check(hits: 100, sum: 100),
        TracedCalls("fsession", "session", "sees starts and ends", typed, since: "7.0").check(hits: 200, sum: 200),
        TracedCalls("fentry.multi", "fentry_multi", "takes a pattern", typed, since: "7.2").check(hits: 200, sum: 200),
        TracedCalls("fexit.multi", "fexit_multi", "takes a pattern", typed, since: "7.2").check(hits: 200, sum: 200),
        TracedCalls("fsession.multi", "session_multi", "takes a pattern", typed, since: "7.2").check(
            hits: 400, sum: 400),
        TracedCalls("tp_btf", "typed_tracepoint_cookie", "is given a cookie", typed, since: "6.10") { $0.cookie = 7 }
            .check(hits: 100, sum: 700, subject: .feature("cookies of tp_btf programs")),
        TracedCalls("raw_tracepoint", "raw_tracepoint_cookie", "is given a cookie", since: "6.10") { $0.cookie = 7 }
            .check(hits: 100, sum: 700, subject: .feature("cookies of raw_tracepoint programs")),
        TracedCalls("lsm", "file_open", "sees files opened", typed, options: ["CONFIG_BPF_LSM"])
            .check(hits: 100, sum: 100, guestOnly: true) { _ = skep_workload_open_files($0) },
        TracedCalls(
            "lsm.s", "file_open_sleepable", "sees files opened", typed, since: "5.11", options: ["CONFIG_BPF_LSM"]
        )
        .check(hits: 100, sum: 100, guestOnly: true) { _ = skep_workload_open_files($0) },
        KernelCheck(
            "the tracing hook lsm_cgroup sees the sockets of a cgroup", minimumKernel: "6.0", guestOnly: true,
            subject: .hook("lsm_cgroup"), options: ["CONFIG_BPF_LSM"]
        ) {
            let cgroup = try CheckCgroup()
            let network = try CheckNetwork()
            let object = try CheckObject.load(typed, programs: ["socket_made"])
            let link = try object.program(named: "socket_made").attach(cgroup.options)
            for _ in 0..<3 { try network.sendDatagrams(1, cgroup: cgroup.path) }
            link.detach()
            try network.sendDatagrams(1, cgroup: cgroup.path)
            try expectSame(try object.number("hits"), 3, "sockets")
            return .passed
        },
    ]

    private static let calls = "tracinghookscalls"
    private static let typed = "tracinghookstyped"
    private static let kprobes = ["CONFIG_KPROBES", "CONFIG_KPROBE_EVENTS"]
    private static let manyProbes = ["CONFIG_KPROBES", "CONFIG_FPROBE"]

    /// A program that may sleep, at the function that the kernel marks for such programs and calls in a test run.
    private static func marked(
        _ hook: String, _ program: String, since: KernelVersion = "6.3", hits: UInt64 = 1
    ) -> KernelCheck {
        KernelCheck(
            "the tracing hook \(hook) may sleep", minimumKernel: since, firstKernel: since == "6.3" ? "5.10" : since,
            guestOnly: true,
            subject: .hook(hook)
        ) {
            let object = try CheckObject.load(typed, programs: [program])
            let caller = try CheckObject.load("testrun", programs: ["run_entry"]).program(named: "run_entry")
            let link = try object.program(named: program).attach()
            for _ in 0..<100 { _ = try caller.testRun(TestRunOptions()) }
            link.detach()
            for _ in 0..<5 { _ = try caller.testRun(TestRunOptions()) }
            try expectSame(try object.number("hits"), 100 * hits, "calls")
            return .passed
        }
    }

    private static func systemCall(_ name: String) -> String {
        (KernelVersion.architecture == "x86_64" ? "__x64_sys_" : "__arm64_sys_") + name
    }

    /// Lets a program see three pairs of interfaces made by a function of the module veth.
    private static func makeNetworks(_ object: String, _ program: String) throws -> CheckOutcome {
        var spec = try CheckObject.spec(object)
        try spec.setVariable("process", to: UInt32(Processes.current))
        var loading = LoadOptions()
        loading.programs = [program]
        let loaded = try LoadedObject(spec, options: loading)
        let link = try loaded.program(named: program).attach()
        for _ in 0..<3 { _ = try CheckNetwork() }
        link.detach()
        _ = try CheckNetwork()
        try expectSame(try loaded.number("hits"), 3, "pairs of interfaces")
        return .passed
    }
}
