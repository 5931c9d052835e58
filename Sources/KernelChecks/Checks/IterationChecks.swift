// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

extension KernelCheck {
    /// Loops that the verifier does not unroll, and code that the kernel calls later, run exactly as often as they say.
    static let iterationChecks = [
        KernelCheck(
            "bpf_loop calls a function until it says stop", minimumKernel: "5.17", subject: .feature("bpf_loop")
        ) {
            let object = try CheckObject.load("iteration", programs: ["callback_loop"])
            try runOnce(object, "callback_loop")
            try expectSame(try object.number("turns"), 200_000, "turns")
            try expectSame(try object.number("sum"), 199_999 * 200_000 / 2, "the sum of the indices")
            return .passed
        },
        KernelCheck(
            "bpf_for and bpf_repeat count as they are told", minimumKernel: "6.4",
            subject: .feature("loops with bpf_for (open-coded iterators)")
        ) {
            let object = try CheckObject.load("iteration", programs: ["counted_loop"])
            try runOnce(object, "counted_loop")
            try expectSame(try object.number("turns"), 100_900, "turns")
            try expectSame(try object.number("sum"), (5 + 100_004) * 100_000 / 2, "the sum of the numbers")
            return .passed
        },
        KernelCheck(
            "cond_break and can_loop let a loop run to its end", minimumKernel: "6.9",
            subject: .feature("loops with cond_break (may_goto)")
        ) {
            let object = try CheckObject.load("iteration", programs: ["bounded_loop"])
            try runOnce(object, "bounded_loop")
            try expectSame(try object.number("turns"), 50_000, "turns")
            try expectSame(try object.number("sum"), 999 * 1000 / 2, "the sum of the numbers")
            return .passed
        },
        KernelCheck(
            "bpf_for_each walks over the threads of a process", minimumKernel: "6.7",
            // Elsewhere the process may have threads that come and go.
            guestOnly: true, subject: .feature("iteration over threads in a program")
        ) {
            let object = try CheckObject.load("iteration", programs: ["thread_loop"])
            defer { skep_workload_end_threads() }
            for _ in 0..<3 {
                try expectSame(skep_workload_start_thread(), 0, "starting a thread")
            }
            let threads = UInt64(try Processes.threads(of: Processes.current).count)
            try expect(threads >= 4, "there are \(threads) threads")
            try runOnce(object, "thread_loop")
            try expectSame(try object.number("threads"), threads, "threads")
            return .passed
        },
        KernelCheck(
            "bpf_for_each walks over a cgroup and those below it", minimumKernel: "6.7",
            subject: .feature("iteration over cgroups in a program")
        ) {
            let parent: String
            do throws(LinuxError) {
                parent = try ControlGroups.mountPoint()
            } catch {
                return .skipped("no cgroup v2 is mounted: \(error)")
            }
            let path = "\(parent)/skep-iteration-\(Processes.current)"
            let paths = [path, path + "/first", path + "/first/inner", path + "/second"]
            defer { for path in paths.reversed() { try? Directory.remove(path) } }
            for path in paths { try Files.makeDirectory(path, mode: 0o755) }
            var spec = try CheckObject.spec("iteration")
            try spec.setVariable("group_id", to: ControlGroups.id(of: path))
            var options = LoadOptions()
            options.programs = ["group_loop"]
            let object = try LoadedObject(spec, options: options)
            try runOnce(object, "group_loop")
            try expectSame(try object.number("groups"), 4, "cgroups")
            return .passed
        },
        KernelCheck("a timer starts itself again twice", minimumKernel: "5.15", subject: .feature("bpf_timer")) {
            let object = try CheckObject.load("iteration", programs: ["start_timer"])
            try start(object, "start_timer")
            try wait { try object.number("fired") == 3 }
            skep_workload_sleep(20)
            try expectSame(try object.number("fired"), 3, "times the timer fired")
            // The kernel shows a timer's bytes as zero.
            let value = try object.map(named: "timers").value(for: [0, 0, 0, 0]) ?? []
            try expectSame(try CheckMaps.number(Array(value.dropFirst(16))), 3, "the count beside the timer")
            return .passed
        },
        KernelCheck("a work queue calls its function once", minimumKernel: "6.10", subject: .feature("bpf_wq")) {
            let object = try CheckObject.load("workqueue")
            try start(object, "start_work")
            try wait { try object.number("done") == 1 }
            let value = try object.map(named: "works").value(for: [0, 0, 0, 0]) ?? []
            try expectSame(try CheckMaps.number(Array(value.dropFirst(16))), 1, "the count beside the work")
            return .passed
        },
        KernelCheck(
            "bpf_for_each_map_elem calls a function for every entry", minimumKernel: "5.13",
            subject: .feature("bpf_for_each_map_elem")
        ) {
            let object = try CheckObject.load("callback")
            try runOnce(object, "walk")
            try expectSame(try object.number("visited"), 16, "entries")
            return .passed
        },
    ]

    /// Lets a program see one call of getppid(2).
    private static func runOnce(_ object: LoadedObject, _ program: String) throws {
        let link = try object.program(named: program).attach()
        skep_workload_get_parent(1)
        link.detach()
    }

    /// Runs a program that is called by bpf(2) alone.
    private static func start(_ object: LoadedObject, _ program: String) throws {
        let result = try BPFSystemCall.testRun(TestRun(program: object.program(named: program).rawDescriptor))
        try expectSame(result.returnValue, 0, "what \(program) returned")
    }

    /// Waits for something for 5 seconds at most; the check then fails by itself.
    private static func wait(_ condition: () throws -> Bool) throws {
        for _ in 0..<500 {
            if try condition() { return }
            skep_workload_sleep(10)
        }
        throw UnmetExpectation(description: "it did not happen within 5 seconds")
    }
}
