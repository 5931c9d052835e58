// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import CheckWorkload
import Linux

extension KernelCheck {
    /// Programs stand for functions of kernel subsystems.
    static let structOpsChecks = [
        KernelCheck(
            "a congestion control in eBPF serves the socket that chose it, and is gone after it", minimumKernel: "5.6",
            subject: .hook("struct_ops")
        ) {
            var spec = try CheckObject.spec("structops")
            // TCP_CONG_NON_RESTRICTED, set where the source left a zero.
            try spec.setMember("flags", ofStructOps: "fixed", to: 1 as UInt32)
            let object = try LoadedObject(spec)
            try expectSame(object.structOps.map(\.name), ["fixed"], "tables of functions")
            let dropped = object.report.entries.filter { if case .droppedMember = $0 { true } else { false } }
            try expectSame(dropped.count, 1, "members that the kernel lacks")
            try expect(!object.programs.contains { $0.name == "never" }, "the program of the missing member is loaded")
            let table = try object.structOps(named: "fixed")
            try expectSame(try table.state(), .empty, "the state before registration")
            let link = try table.attach()
            try expectSame(try table.state(), .registered, "the state after registration")
            for _ in 0..<3 { try congestion("skep_fixed", bytes: 40_000) }
            try expectSame(try object.number("started"), 3, "connections that started")
            try expectSame(try object.number("ended"), 3, "connections that ended")
            let avoided = try object.number("avoided")
            try expect(avoided >= 3, "the window was asked for \(avoided) times")
            link.detach()
            try expectUnknown("skep_fixed")
            return .passed
        },
        KernelCheck(
            "a link registers a table of functions, and exchanges it for another one", minimumKernel: "6.4",
            subject: .hook("struct_ops.link")
        ) {
            var spec = try CheckObject.spec("structops")
            for index in spec.maps.indices where spec.maps[index].structOps != nil {
                spec.maps[index].isCreatedByDefault = spec.maps[index].name != "fixed"
            }
            let object = try LoadedObject(spec)
            try expectSame(object.structOps.map(\.name), ["linked", "replacement"], "tables of functions")
            let link = try object.structOps(named: "linked").attach()
            try expectSame(try object.structOps(named: "linked").state(), .ready, "the state after registration")
            try congestion("skep_linked", bytes: 10_000)
            try expectSame(try object.number("started"), 1, "connections of the first table")
            try link.update(to: object.structOps(named: "replacement"))
            for _ in 0..<2 { try congestion("skep_linked", bytes: 10_000) }
            try expectSame(try object.number("started"), 1, "connections of the first table after the exchange")
            try expectSame(try object.number("started_other"), 2, "connections of the second table")
            link.detach()
            try expectUnknown("skep_linked")
            return .passed
        },
        KernelCheck(
            "a scheduler in eBPF runs every task until it is taken out", minimumKernel: "6.12", guestOnly: true,
            subject: .feature("struct_ops: sched_ext"), options: ["CONFIG_SCHED_CLASS_EXT"]
        ) {
            let object = try LoadedObject(try CheckObject.spec("scheduler"))
            let link = try object.structOps(named: "scheduler").attach()
            try expectSame(try schedulerState(), "enabled", "the state of the scheduler class")
            try expectSame(
                try Files.readText("/sys/kernel/sched_ext/root/ops").split(separator: "\n").first.map { String($0) },
                "skep_check", "the scheduler's name")
            try expectSame(try object.number("started"), 1, "starts")
            // Every sleep ends with a turn in the queue.
            let before = try object.number("queued")
            for _ in 0..<50 { skep_workload_sleep(1) }
            let queued = try object.number("queued") - before
            try expect(queued >= 50, "tasks were queued \(queued) times")
            link.detach()
            for _ in 0..<100 where try schedulerState() != "disabled" { skep_workload_sleep(20) }
            try expectSame(try schedulerState(), "disabled", "the state after the scheduler was taken out")
            try expectSame(try object.number("ended"), 1, "ends")
            return .passed
        },
        KernelCheck(
            "struct_ops.s: a function of a table may sleep", minimumKernel: "6.12", firstKernel: "6.1", guestOnly: true,
            subject: .hook("struct_ops.s"), options: ["CONFIG_SCHED_CLASS_EXT"]
        ) {
            let object = try LoadedObject(try CheckObject.spec("scheduler"))
            try expectSame(
                try object.program(named: "start").spec.hook?.isSleepable, true, "whether the start may sleep")
            for count: UInt64 in 1...2 {
                let link = try object.structOps(named: "scheduler").attach()
                try expectSame(try object.number("started"), count, "starts")
                link.detach()
                for _ in 0..<100 where try schedulerState() != "disabled" { skep_workload_sleep(20) }
            }
            try expectSame(try object.number("ended"), 2, "ends")
            return .passed
        },
        KernelCheck(
            "a queueing discipline in eBPF gets every frame of its interface", minimumKernel: "6.16", guestOnly: true,
            subject: .feature("struct_ops: queueing discipline"), options: ["CONFIG_NET_SCH_BPF"]
        ) {
            let object = try LoadedObject(try CheckObject.spec("discipline"))
            let frames = try CheckObject.load("network", programs: ["on_frame"])
            let network = try CheckNetwork("skep-a", "skep-b")
            let counter = try frames.program(named: "on_frame").attach(network.options(for: "skep-b"))
            let link = try object.structOps(named: "discipline").attach()
            let descriptor = network.namespaceDescriptor
            try NetworkNamespace.descriptor(descriptor).run { () throws(LinuxError) in
                try TrafficControl.setRootDiscipline("skep_drop", of: try Interfaces.index(named: "skep-a"))
            }
            try expectSame(try object.number("made"), 1, "disciplines that were made")
            try network.send(50, from: "skep-a")
            try expectSame(try object.number("dropped"), 50, "frames in the discipline")
            try expectSame(try frames.number("xdp_hits"), 0, "frames that arrived")
            try NetworkNamespace.descriptor(descriptor).run { () throws(LinuxError) in
                try TrafficControl.removeRootDiscipline(of: try Interfaces.index(named: "skep-a"))
            }
            try network.send(20, from: "skep-a")
            try expectSame(try object.number("gone"), 1, "disciplines that went")
            try expectSame(try frames.number("xdp_hits"), 20, "frames that arrived without it")
            link.detach()
            counter.detach()
            return .passed
        },
        KernelCheck(
            "a program sees what a human interface device reports", minimumKernel: "6.11", guestOnly: true,
            subject: .feature("struct_ops: human interface devices"), options: ["CONFIG_HID_BPF"]
        ) {
            var spec = try CheckObject.spec("hid")
            let number = skep_workload_make_device(0x5ce0, 1)
            if number < 0, KernelVersion.current >= "6.11" {
                // /dev/uhid comes with the module uhid.
                let lack = isIncomplete ? incompleteness : "the kernel has no module uhid, with which devices are made"
                return .skipped(
                    number == -2 ? lack : "no device can be made: \(Errno(rawValue: Int32(-number)).name)")
            }
            let device = number < 0 ? nil : FileDescriptor(owning: Int32(number))
            // The kernel lists a device a little after it was made.
            var name: String?
            for _ in 0..<100 where name == nil {
                name = (try? Directory.names(in: "/sys/bus/hid/devices"))?.first { $0.hasPrefix("0003:5CE0:0001.") }
                if name == nil, number >= 0 { skep_workload_sleep(20) }
            }
            // Without a driver the kernel drops reports. It has one when a raw device is there; a kernel to which a program is
            // attached before it knows the size of the reports may write outside of its memory.
            if let name {
                let raw = "/sys/bus/hid/devices/\(name)/hidraw"
                for _ in 0..<200 where !Files.exists(raw) { skep_workload_sleep(20) }
                guard Files.exists(raw) else { return .failed("the device got no driver") }
            }
            // The number after the dot is the kernel's own of the device.
            let id = name.flatMap { UInt32($0.suffix(4), radix: 16) } ?? 0
            try spec.setMember("hid_id", ofStructOps: "device", to: id)
            let object = try LoadedObject(spec)
            let link = try object.structOps(named: "device").attach()
            try expectSame(try object.structOps(named: "device").state(), .ready, "the state after registration")
            guard let name, let device else { return .failed("the device is not listed") }
            try expectSame(skep_workload_report(device.rawValue, 20), 0, "the error of reporting")
            try expectSame(try object.number("events"), 20, "reports")
            link.detach()
            try expectSame(skep_workload_report(device.rawValue, 5), 0, "the error of reporting")
            try expectSame(try object.number("events"), 20, "reports after the program was taken out")
            return .passed
        },
        KernelCheck(
            "a program of another kind works for a table of functions", minimumKernel: "7.0",
            subject: .feature("struct_ops: programs that belong to a table")
        ) {
            let table = try LoadedObject(try CheckObject.spec("structops")).structOps(named: "fixed")
            let other = try LoadedObject(try CheckObject.spec("structops")).structOps(named: "fixed")
            let program = try CheckObject.load("signed", programs: ["trusted"]).program(named: "trusted")
            try program.associate(with: table)
            try program.associate(with: table)
            do throws(BPFError) {
                try program.associate(with: other)
                return .failed("a program works for two tables")
            } catch {
                return .passed
            }
        },
    ]

    private static func schedulerState() throws -> String {
        let text = try Files.readText("/sys/kernel/sched_ext/state")
        return text.split(separator: "\n").first.map { String($0) } ?? ""
    }

    /// Sends bytes over a connection with a congestion control, in a network of its own.
    private static func congestion(_ name: String, bytes: Int32) throws {
        let network = try CheckNetwork("skep-a", "skep-b")
        let answer = try network.run { skep_workload_congestion(name, bytes) }
        try expectSame(answer, 0, "the connection's error")
    }

    /// Makes sure that no socket can choose a congestion control.
    private static func expectUnknown(_ name: String) throws {
        let network = try CheckNetwork("skep-a", "skep-b")
        let answer = try network.run { skep_workload_congestion(name, 1) }
        try expectSame(answer, -2, "the error of choosing what is gone")
    }
}
