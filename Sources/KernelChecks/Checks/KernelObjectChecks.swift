// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

extension KernelCheck {
    /// Performance events that are named, each one seen.
    static let performanceEventChecks = [
        KernelCheck("the tracing hook perf_event sees every page fault", subject: .hook("perf_event")) {
            let address = skep_workload_map_pages(100)
            try expect(address != 0, "memory cannot be mapped")
            defer { skep_workload_unmap_pages(address, 100) }
            var spec = try CheckObject.spec(probes)
            try spec.setVariable("first_address", to: address)
            try spec.setVariable("end_address", to: address + 100 * UInt64(MemoryMapping.pageSize))
            var loading = LoadOptions()
            loading.programs = ["page_fault"]
            let object = try LoadedObject(spec, options: loading)
            var options = AttachOptions()
            options.perfEvent = "sw:page-faults"
            options.period = 1
            options.process = Processes.currentThread
            let link = try object.program(named: "page_fault").attach(options)
            skep_workload_touch_pages(address, 100)
            link.detach()
            try expectSame(try object.number("hits"), 100, "page faults")
            return .passed
        },
        KernelCheck("the tracing hook perf_event sees every access to a variable", subject: .hook("perf_event")) {
            let object = try CheckObject.load(probes, programs: ["breakpoint"])
            let address = String(skep_workload_watched_address(), radix: 16)
            var options = AttachOptions()
            options.perfEvent = "breakpoint:0x\(address):w:8"
            options.process = Processes.currentThread
            skep_workload_write_watched(5)
            let link: Link
            do throws(BPFError) {
                link = try object.program(named: "breakpoint").attach(options)
            } catch {
                // Virtual machines may keep the processor's registers for breakpoints to themselves.
                guard Processes.current != 1, [.refused, .notSupported, .system].contains(error.code) else {
                    throw error
                }
                return .skipped(error.message)
            }
            skep_workload_write_watched(100)
            link.detach()
            skep_workload_write_watched(5)
            try expectSame(try object.number("hits"), 100, "accesses")
            return .passed
        },
    ]

    /// Iterators over objects of the kernel write what there is.
    static let iteratorChecks = [
        KernelCheck("the tracing hook iter goes over all threads", subject: .hook("iter")) {
            let lines = try iterate("tasks") { _ in }
            let own = "\(Processes.current) \(Processes.currentThread)"
            try expectSame(lines.filter { $0 == own }.count, 1, "lines \"\(own)\" of \(lines.count)")
            try expectSame(Set(lines).count, lines.count, "different lines")
            return .passed
        },
        KernelCheck("the tracing hook iter.s may sleep", minimumKernel: "5.18", subject: .hook("iter.s")) {
            let lines = try iterate("tasks_sleepable") { _ in }
            let own = "\(Processes.current) \(Processes.currentThread)"
            try expectSame(lines.filter { $0 == own }.count, 1, "lines \"\(own)\" of \(lines.count)")
            return .passed
        },
        KernelCheck(
            "the tracing hook iter goes over the threads of one process", minimumKernel: "6.1",
            subject: .feature("iterator programs over one process")
        ) {
            defer { skep_workload_end_threads() }
            for _ in 0..<3 { try expectSame(skep_workload_start_thread(), 0, "starting a thread") }
            let threads = try Processes.threads(of: Processes.current).map { "\(Processes.current) \($0)" }
            let lines = try iterate("tasks") { $0.iterator.process = Processes.current }
            try expectSame(lines.sorted(), threads.sorted(), "the threads")
            let one = try iterate("tasks") { $0.iterator.thread = Processes.currentThread }
            try expectSame(one, ["\(Processes.current) \(Processes.currentThread)"], "one thread")
            return .passed
        },
        KernelCheck(
            "the tracing hook iter goes over the elements of a map",
            subject: .feature("iterator programs over the elements of a map")
        ) {
            let object = try CheckObject.load(iterators, programs: ["elements"])
            let map = try object.map(named: "squares")
            for key: UInt32 in 1...50 {
                try map.setValue(CheckMaps.bytes(UInt64(key) * UInt64(key)), for: CheckMaps.bytes(key))
            }
            var options = AttachOptions()
            options.iterator.map = map
            let link = try object.program(named: "elements").attach(options)
            // Every reading runs the program anew.
            for _ in 0..<2 {
                let lines = text(try link.readIterator())
                try expectSame(lines.sorted(), (1...50).map { "\($0) \($0 * $0)" }.sorted(), "the elements")
            }
            return .passed
        },
        KernelCheck(
            "the tracing hook iter goes over cgroups in the order asked for", minimumKernel: "6.1",
            subject: .feature("iterator programs over cgroups")
        ) {
            let parent = try CheckCgroup("parent")
            let child = try CheckCgroup("child", in: parent.path)
            let path = parent.path
            let numbers = try [parent.path, child.path].map { "\(try Files.identity($0).inode)" }
            let orders: [(IteratorTarget.CgroupOrder, [String])] = [
                (.alone, [numbers[0]]), (.parentsFirst, numbers), (.descendantsFirst, numbers.reversed()),
            ]
            for (order, expected) in orders {
                let lines = try iterate("cgroups") {
                    $0.iterator.cgroup = path
                    $0.iterator.order = order
                }
                try expectSame(lines, expected, "the cgroups, \(order)")
            }
            return .passed
        },
    ]

    /// A program takes the place of a function of another one.
    static let replacementChecks = [
        KernelCheck("the tracing hook freplace changes a loaded XDP program", subject: .hook("freplace")) {
            let target = try CheckObject.load(replaceable, programs: ["replaced"])
            let program = try target.program(named: "replaced")
            var loading = LoadOptions()
            loading.programs = ["replacement"]
            loading.replacement = try ReplacementTarget(program)
            let object = try LoadedObject(try CheckObject.spec(replaceable), options: loading)
            let frame = TestRunOptions(data: [UInt8](repeating: 0, count: 64))
            try expectSame(try program.testRun(frame).verdict, "XDP_PASS", "the verdict before")
            let link = try object.program(named: "replacement").attach()
            for _ in 0..<10 {
                try expectSame(try program.testRun(frame).verdict, "XDP_DROP", "the verdict while it is replaced")
            }
            link.detach()
            try expectSame(try program.testRun(frame).verdict, "XDP_PASS", "the verdict afterwards")
            try expectSame(try object.number("hits"), 10, "calls of the replacement")
            return .passed
        }
    ]

    private static let probes = "tracinghooks"
    private static let iterators = "tracinghooksiterators"
    private static let replaceable = "tracinghooksreplace"

    /// The lines that an iterator writes.
    private static func iterate(_ program: String, _ set: (inout AttachOptions) -> Void) throws -> [String] {
        let object = try CheckObject.load(iterators, programs: [program])
        var options = AttachOptions()
        set(&options)
        return text(try object.program(named: program).attach(options).readIterator())
    }

    private static func text(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
