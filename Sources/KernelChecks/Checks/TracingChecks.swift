// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

extension KernelCheck {
    /// Programs at each kind of event see what one thread does, and every time.
    static let tracingChecks = [
        counted("a tracepoint", hook: "tracepoint", program: "tracepoint", counter: "tracepoint_hits"),
        counted("a raw tracepoint", hook: "raw_tracepoint", program: "raw_tracepoint", counter: "raw_tracepoint_hits"),
        counted(
            "a typed tracepoint", hook: "tp_btf", program: "typed_tracepoint", counter: "typed_tracepoint_hits",
            mayLack: true),
        counted("a kernel function's start", hook: "kprobe", program: "kprobe", counter: "kprobe_hits", mayLack: true),
        counted(
            "a kernel function's end", hook: "kretprobe", program: "kretprobe", counter: "kretprobe_hits", mayLack: true
        ),
        counted(
            "a kernel function's typed start", hook: "fentry", program: "fentry", counter: "fentry_hits", mayLack: true),
        counted("a kernel function's typed end", hook: "fexit", program: "fexit", counter: "fexit_hits", mayLack: true),
        counted("a function's start", hook: "uprobe", program: "at_call", counter: "uprobe_hits", mayLack: true),
        counted("a function's end", hook: "uretprobe", program: "at_return", counter: "uretprobe_hits", mayLack: true),
        KernelCheck("samples are taken of a thread that computes", subject: .hook("perf_event")) {
            let object = try CheckObject.load("tracing", programs: ["sample"])
            var options = AttachOptions()
            options.frequency = 499
            options.process = Processes.currentThread
            let link = try object.program(named: "sample").attach(options)
            skep_workload_spin(300)
            link.detach()
            let samples = try object.number("samples")
            // How many is the machine's affair; more than were asked for would be wrong.
            try expect(samples > 0 && samples < 2000, "there were \(samples) samples in 300 ms")
            return .passed
        },
        KernelCheck("programs on several events of one object count the same") {
            let programs: Set<String> = ["tracepoint", "raw_tracepoint"]
            let object = try CheckObject.load("tracing", programs: programs)
            var attachments = Attachments()
            for program in object.programs { attachments.add(try program.attach()) }
            skep_workload_get_parent(1000)
            attachments.detach()
            skep_workload_get_parent(10)
            try expectSame(try object.number("tracepoint_hits"), 1000, "events of the tracepoint")
            try expectSame(try object.number("raw_tracepoint_hits"), 1000, "events of the raw tracepoint")
            return .passed
        },
    ]

    /// A check that a program sees exactly as many events as there were while it was attached.
    ///
    /// - Parameter mayLack: whether a kernel in use may be built without the hook; those of guests are known to have it.
    private static func counted(_ what: String, hook: String, program: String, counter: String, mayLack: Bool = false)
        -> KernelCheck
    {
        KernelCheck("\(what) is seen exactly as often as it happens", subject: .hook(hook)) {
            do throws(any Error) {
                let object = try CheckObject.load("tracing", programs: [program])
                var options = AttachOptions()
                options.binary = try Files.linkTarget("/proc/self/exe")
                options.symbol = "skep_workload_probed"
                happen(5)
                let link = try object.program(named: program).attach(options)
                happen(100)
                link.detach()
                happen(5)
                try expectSame(try object.number(counter), 100, "events")
                return .passed
            } catch let error as BPFError {
                let isAbsent = error.code == .notSupported || error.code == .refused
                guard mayLack, isAbsent, Processes.current != 1 else { throw error }
                return .skipped(error.message)
            }
        }
    }

    private static func happen(_ count: Int32) {
        skep_workload_get_parent(count)
        skep_workload_get_group(count)
        skep_workload_call_probed(count)
    }
}
