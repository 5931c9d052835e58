// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@Suite("Tracing", .enabled(if: mayUseBPF, "tracing is not permitted here"))
struct TracingTests {
    @Test("A tracepoint has a number and fields, without a mount that stays behind")
    func tracepoints() throws {
        let before = try MountTable.current().mounts
        let tracing = try TraceFileSystem()
        #expect(try tracing.tracepointID(category: "sched", name: "sched_process_exec") > 0)
        #expect(try tracing.tracepointFormat(category: "sched", name: "sched_switch").contains("prev_comm"))
        #expect(try tracing.tracepoints().contains("sched:sched_switch"))
        #expect(throws: LinuxError.self) { try tracing.tracepointID(category: "sched", name: "no_such_tracepoint") }
        #expect(throws: LinuxError.self) { try tracing.tracepointID(category: "..", name: "x") }
        #expect(try MountTable.current().mounts == before)
    }

    @Test("A software clock of this process counts")
    func clock() throws {
        let event = try PerfEvent.open(.taskClock, process: 0, cpu: -1)
        var sum: UInt64 = 0
        for index in 0..<100_000 as Range<UInt64> { sum = sum &* 31 &+ index }
        #expect(sum != 0)
        let count = try event.read(upTo: 8)
        #expect(count.count == 8)
        #expect(count.contains { $0 != 0 })
    }

    @Test(
        "The cgroup hierarchy is found",
        .enabled(if: (try? MountTable.current().mount(ofType: "cgroup2")) != nil, "needs a mounted cgroup2"))
    func controlGroups() throws {
        #expect(try ControlGroups.id(of: ControlGroups.mountPoint()) > 0)
        #expect(try ControlGroups.path().hasPrefix("/"))
    }
}
