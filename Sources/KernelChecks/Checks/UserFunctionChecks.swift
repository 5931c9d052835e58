// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

extension KernelCheck {
    /// Probes on functions of this executable.
    static let userFunctionChecks = [
        TracedCalls("uprobe", "uprobe_argument", "reads an argument", options: uprobes) { $0.symbol = one }
            .check(hits: 100, sum: 5050, happen: callHooks),
        TracedCalls("uprobe", "uprobe_plain", "is put behind a function's start", options: uprobes) {
            $0.symbol = "skep_workload_padded+" + (KernelVersion.architecture == "x86_64" ? "1" : "4")
        }.check(hits: 100, sum: 100) { skep_workload_call_padded($0) },
        TracedCalls("uprobe", "uprobe_argument", "goes through tracefs", options: uprobes) {
            $0.symbol = one
            $0.probeMethod = .traceFiles
        }.check(hits: 100, sum: 5050, happen: callHooks),
        TracedCalls("uretprobe", "uretprobe_result", "reads a result", options: uprobes) { $0.symbol = one }
            .check(hits: 100, sum: 5150, happen: callHooks),
        TracedCalls("uretprobe", "uretprobe_result", "goes through tracefs", options: uprobes) {
            $0.symbol = one
            $0.probeMethod = .traceFiles
        }.check(hits: 100, sum: 5150, happen: callHooks),
        TracedCalls("uprobe.s", "uprobe_sleepable", "may sleep", since: "6.0", options: uprobes) { $0.symbol = one }
            .check(hits: 100, sum: 5050, happen: callHooks),
        TracedCalls("uretprobe.s", "uretprobe_sleepable", "may sleep", since: "6.0", options: uprobes) {
            $0.symbol = one
        }
        .check(hits: 100, sum: 5150, happen: callHooks),
        TracedCalls("uprobe.multi", "uprobe_multi", "takes a pattern", since: "6.6", options: uprobes) {
            $0.symbol = allHooks
        }
        .check(hits: 300, sum: 15150, happen: callHooks),
        TracedCalls("uprobe.multi", "uprobe_multi_cookies", "gives functions cookies", since: "6.6", options: uprobes) {
            $0.symbols = [one, "skep_workload_hook_two", "skep_workload_hook_three"]
            $0.cookies = [1, 1000, 1_000_000]
        }.check(hits: 300, sum: 100_100_100, happen: callHooks),
        TracedCalls("uprobe.multi.s", "uprobe_multi_sleepable", "may sleep", since: "6.6", options: uprobes) {
            $0.symbol = allHooks
        }.check(hits: 300, sum: 15150, happen: callHooks),
        TracedCalls("uretprobe.multi", "uretprobe_multi", "takes a pattern", since: "6.6", options: uprobes) {
            $0.symbol = allHooks
        }.check(hits: 300, sum: 15750, happen: callHooks),
        TracedCalls("uretprobe.multi.s", "uretprobe_multi_sleepable", "may sleep", since: "6.6", options: uprobes) {
            $0.symbol = allHooks
        }.check(hits: 300, sum: 15750, happen: callHooks),
        TracedCalls("uprobe.session.s", "uprobe_session_sleepable", "may sleep", since: "6.13", options: uprobes) {
            $0.symbol = allHooks
        }.check(hits: 600, sum: 600, happen: callHooks),
        TracedCalls("uprobe.session", "uprobe_session", "sees starts and ends", since: "6.13", options: uprobes) {
            $0.symbol = allHooks
        }.check(hits: 600, sum: 600, happen: callHooks),
    ]

    /// Static probes of this executable.
    static let staticProbeChecks = [
        KernelCheck(
            "the tracing hook usdt reads values in a register, a constant and memory", subject: .hook("usdt"),
            options: uprobes
        ) {
            let object = try CheckObject.load(statics, programs: ["values"])
            var options = try target("skep:values")
            options.cookie = 9
            skep_workload_pass_probes(5)
            let link = try object.program(named: "values").attach(options)
            skep_workload_pass_probes(100)
            link.detach()
            skep_workload_pass_probes(5)
            // The probe is in two places.
            try expectSame(try object.number("hits"), 200, "passes")
            try expectSame(try object.number("registers"), UInt64(bitPattern: -2 * 5050), "the sum of the registers")
            try expectSame(try object.number("constants"), 200 * 77, "the sum of the constants")
            try expectSame(try object.number("memory"), 2 * (100 << 32 + 5050), "the sum of the memory")
            try expectSame(try object.number("arguments"), 200 * 3, "the values told of")
            try expectSame(try object.number("cookies"), 200 * 9, "the sum of the cookies")
            return .passed
        },
        KernelCheck(
            "the tracing hook usdt raises a probe's counter while it is attached", subject: .hook("usdt"),
            options: uprobes
        ) {
            let object = try CheckObject.load(statics, programs: ["watched"])
            try expectSame(skep_workload_watchers(), 0, "the counter before")
            let first = try object.program(named: "watched").attach(try target("skep:watched"))
            try expectSame(skep_workload_watchers(), 1, "the counter while attached")
            skep_workload_pass_probes(100)
            first.detach()
            try expectSame(skep_workload_watchers(), 0, "the counter afterwards")
            skep_workload_pass_probes(100)
            try expectSame(try object.number("hits"), 100, "passes")
            try expectSame(try object.number("sum"), 5050, "the sum of the values")
            return .passed
        },
        TracedCalls("usdt.s", "sleepable", "may sleep", statics, since: "6.0", options: uprobes) {
            $0.symbol = "skep:values"
        }.check(hits: 200, sum: UInt64(bitPattern: -2 * 5050)) { skep_workload_pass_probes($0) },
    ]

    private static let uprobes = ["CONFIG_UPROBES", "CONFIG_UPROBE_EVENTS"]
    private static let statics = "tracinghooksstatic"
    private static let one = "skep_workload_hook_one"
    private static let allHooks = "skep_workload_hook_*"
    private static let callHooks: @Sendable (Int32) -> Void = { skep_workload_call_hooks($0) }

    private static func target(_ symbol: String) throws -> AttachOptions {
        var options = AttachOptions()
        options.binary = try Files.linkTarget("/proc/self/exe")
        options.symbol = symbol
        return options
    }
}
