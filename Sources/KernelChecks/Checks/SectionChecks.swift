// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

extension KernelCheck {
    /// Other names of hooks, and hooks of which no other check has a program.
    static let sectionChecks = [
        TracedCalls("tp", "tp_call", "is a tracepoint", sections).check(hits: 100, sum: 100),
        TracedCalls("tp.s", "tp_sleepable", "may sleep", sections, since: "7.1").check(hits: 100, sum: 100),
        TracedCalls("raw_tp", "raw_tp_call", "is a raw tracepoint", sections).check(hits: 100, sum: 100),
        TracedCalls("raw_tracepoint", "raw_tracepoint_call", "counts calls", sections).check(hits: 100, sum: 100),
        TracedCalls("raw_tp.s", "raw_tp_sleepable", "may sleep", sections, since: "7.1").check(hits: 100, sum: 100),
        writable("raw_tracepoint.w", "raw_tracepoint_writable"),
        writable("raw_tp.w", "raw_tp_writable"),
        filter("tc", "tc_frame"),
        filter("classifier", "classifier_frame"),
        KernelCheck("cgroup/skb sees the packets of the direction that was asked for", subject: .hook("cgroup/skb")) {
            for direction in [AttachOptions.Direction.ingress, .egress] {
                let object = try CheckObject.load(sections, programs: ["cgroup_packet"])
                let cgroup = try CheckCgroup()
                let network = try CheckNetwork()
                var options = cgroup.options
                options.direction = direction
                let link = try object.program(named: "cgroup_packet").attach(options)
                // What a process of the cgroup sends to itself comes in there once more.
                let entrance = cgroup.entrance
                try network.run("the work of the child") { skep_workload_use_cgroup(entrance, 6) }
                try expectSame(try object.number("hits"), 6, "datagrams")
                guard case .cgroup(_, let attachType) = try link.information.target else {
                    return .failed("it is no cgroup link")
                }
                try expectSame(attachType, direction == .ingress ? 0 : 1, "the attach type of the link")
                link.detach()
                try network.run("the work of the child") { skep_workload_use_cgroup(entrance, 2) }
                try expectSame(try object.number("hits"), 6, "datagrams after the program was detached")
            }
            return .passed
        },
        KernelCheck("syscall programs are called by user space", minimumKernel: "5.14", subject: .hook("syscall")) {
            let object = try CheckObject.load(sections, programs: ["call"])
            let program = try object.program(named: "call")
            for number: UInt64 in 1...10 {
                let context = CheckMaps.bytes(number) + CheckMaps.bytes(40 as UInt64) + CheckMaps.bytes(0 as UInt64)
                let outcome = try program.testRun(TestRunOptions(context: context))
                try expectSame(outcome.returnValue, 7, "the return value")
                try expectSame(try CheckMaps.number(Array(outcome.context.dropFirst(16))), number + 40, "the sum")
            }
            try expectSame(try object.number("hits"), 10, "calls")
            return .passed
        },
    ]

    private static let sections = "sections"

    /// A program that changes what the kernel hands to it: the answer of test runs of this thread.
    private static func writable(_ section: String, _ program: String) -> KernelCheck {
        KernelCheck(
            "\(section) changes the argument of a tracepoint", minimumKernel: "5.2", subject: .hook(section)
        ) {
            let object = try CheckObject.load(sections, programs: [program])
            let tested = try CheckObject.load("testrun", programs: ["run_socket"]).program(named: "run_socket")
            let link = try object.program(named: program).attach()
            for _ in 0..<20 {
                do throws(BPFError) {
                    _ = try tested.testRun(TestRunOptions(data: [UInt8](repeating: 0, count: 64)))
                    return .failed("a test run succeeded")
                } catch {
                    try expect(error.report.contains("EXFULL"), "the error of a test run is \(error.report)")
                }
            }
            link.detach()
            let outcome = try tested.testRun(TestRunOptions(data: [UInt8](repeating: 0, count: 64)))
            try expectSame(outcome.returnValue, 50, "what the tested program returned afterwards")
            try expectSame(try object.number("hits"), 20, "test runs")
            try expectSame(try object.number("sum"), 0, "the sum of the answers before they were changed")
            return .passed
        }
    }

    /// A traffic control program in a section that says no direction.
    private static func filter(_ section: String, _ program: String) -> KernelCheck {
        KernelCheck("\(section) sees every frame of the direction that was asked for", subject: .hook(section)) {
            for (direction, interface) in [(AttachOptions.Direction.ingress, "skep-b"), (.egress, "skep-a")] {
                let object = try CheckObject.load(sections, programs: [program])
                let network = try CheckNetwork()
                var options = network.options(for: interface)
                options.direction = direction
                let link = try object.program(named: program).attach(options)
                try network.send(30, from: "skep-a")
                try reach(30) { try object.number("hits") }
                link.detach()
                try network.send(5, from: "skep-a")
                try expectSame(try object.number("hits"), 30, "frames after the program was detached")
            }
            return .passed
        }
    }
}
