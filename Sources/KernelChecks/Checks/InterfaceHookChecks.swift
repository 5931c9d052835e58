// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import CheckWorkload
import Linux

extension KernelCheck {
    /// Programs at interfaces: modes, maps, neighbours and the ways from before there were links.
    static let interfaceHookChecks = [
        KernelCheck(
            "XDP runs natively, generically and by netlink, and no device runs it itself", subject: .hook("xdp")
        ) {
            for (mode, mechanism) in [
                (AttachOptions.XDPMode.native, AttachOptions.Mechanism.link), (.generic, .link), (.automatic, .classic),
                (.native, .classic),
            ] {
                try frames("interfaces", "count", "hits", on: receiver) {
                    $0.xdpMode = mode
                    $0.mechanism = mechanism
                }
            }
            let object = try CheckObject.load("interfaces", programs: ["count"])
            let network = try CheckNetwork()
            var options = network.options(for: receiver)
            options.xdpMode = .hardware
            do throws(BPFError) {
                _ = try object.program(named: "count").attach(options)
                return .failed("a virtual interface runs XDP programs in its device")
            } catch {
                try expectSame(error.code, .notSupported, "the error of hardware mode: \(error.report)")
            }
            // A second program on the same interface.
            options.xdpMode = .automatic
            let link = try object.program(named: "count").attach(options)
            do throws(BPFError) {
                _ = try object.program(named: "count").attach(options)
                return .failed("an interface has two XDP programs")
            } catch {
                try expect(error.message.contains("another XDP program"), error.report)
            }
            link.detach()
            return .passed
        },
        KernelCheck(
            "an XDP program that netlink attached changes without a gap",
            subject: .feature("XDP programs exchanged over netlink")
        ) {
            try update("interfaces", "count", "hits", on: receiver) { $0.mechanism = .classic }
        },
        KernelCheck(
            "xdp.frags sees frames that are larger than a page", minimumKernel: "5.18", subject: .hook("xdp.frags")
        ) {
            let object = try CheckObject.load("interfaces", programs: ["fragments"])
            let network = try CheckNetwork()
            try network.setMaximumPacket(9000, of: [sender, receiver])
            var options = network.options(for: receiver)
            options.xdpMode = .native
            let link = try object.program(named: "fragments").attach(options)
            try network.run("sendto") { () throws(LinuxError) in
                skep_workload_send_large_frames(try Interfaces.index(named: sender), 6000, 20)
            }
            try reach(20) { try object.number("large_hits") }
            link.detach()
            return .passed
        },
        KernelCheck("xdp/devmap sees every frame that is redirected to a device", subject: .hook("xdp/devmap")) {
            let object = try CheckObject.load("interfaces", programs: ["to_device", "in_device_map", "count"])
            let network = try CheckNetwork()
            try object.map(named: "devices").setDevice(
                receiver, in: .descriptor(network.namespaceNumber), program: object.program(named: "in_device_map"),
                for: 0)
            // Frames go back to where they came from, whose own program lets them arrive.
            let link = try object.program(named: "to_device").attach(network.options(for: receiver))
            let arrival = try object.program(named: "count").attach(network.options(for: sender))
            try network.send(40, from: sender)
            try reach(40) { try object.number("map_hits") }
            try reach(40) { try object.number("hits") }
            link.detach()
            arrival.detach()
            return .passed
        },
        KernelCheck("xdp/cpumap sees every frame that is handed to a CPU", subject: .hook("xdp/cpumap")) {
            let object = try CheckObject.load("interfaces", programs: ["to_processor", "in_processor_map"])
            let network = try CheckNetwork()
            try object.map(named: "processors").setProcessor(
                queueSize: 192, program: object.program(named: "in_processor_map"), for: 0)
            let link = try object.program(named: "to_processor").attach(network.options(for: receiver))
            try network.send(40, from: sender)
            try reach(40) { try object.number("map_hits") }
            link.detach()
            return .passed
        },
        KernelCheck(
            "an XDP program that is bound to a device asks it for a packet's hash", minimumKernel: "6.3",
            subject: .feature("XDP metadata of a device")
        ) {
            let network = try CheckNetwork()
            var options = LoadOptions()
            options.programs = ["metadata"]
            options.boundDevice = BoundDevice(receiver, in: .descriptor(network.namespaceNumber))
            let object = try LoadedObject(try CheckObject.spec("interfaces"), options: options)
            let link = try object.program(named: "metadata").attach(network.options(for: receiver))
            try network.send(30, from: sender)
            try reach(30) { try object.number("hash_hits") }
            link.detach()
            do throws(BPFError) {
                // It is bound to the one interface.
                _ = try object.program(named: "metadata").attach(network.options(for: sender))
                return .failed("a program that is bound to one interface runs on another")
            } catch {
                try expectSame(
                    error.message, "the program metadata was loaded for the interface skep-b and runs on no other",
                    "the error on another interface")
                return .passed
            }
        },
        KernelCheck("tcx/ingress sees every frame that comes in", minimumKernel: "6.6", subject: .hook("tcx/ingress")) {
            try frames("interfaces", "in_order", "hits", on: receiver) { $0.mechanism = .link }
        },
        KernelCheck("tcx/egress sees every frame that goes out", minimumKernel: "6.6", subject: .hook("tcx/egress")) {
            try frames("interfaces", "on_egress", "hits", on: sender) { $0.mechanism = .link }
        },
        KernelCheck(
            "tcx programs stand where they were asked to, and revisions guard the order", minimumKernel: "6.6",
            subject: .feature("order of tcx programs")
        ) {
            try order("in_order", CheckNetwork()) { network throws(BPFError) in
                try AttachedPrograms.onInterface(receiver, .ingress, in: .descriptor(network))
            }
        },
        KernelCheck("a classic tc filter has a priority, changes its program, and leaves nothing", subject: .hook("tc"))
        {
            try frames("interfaces", "in_order", "hits", on: receiver) {
                $0.priority = 7
                $0.handle = 3
            }
            _ = try update("interfaces", "in_order", "hits", on: receiver) { $0.mechanism = .classic }
            let object = try CheckObject.load("interfaces", programs: ["in_order", "on_egress"])
            let network = try CheckNetwork()
            var options = network.options(for: receiver)
            options.mechanism = .classic
            options.priority = 7
            let ingress = try object.program(named: "in_order").attach(options)
            let egress = try object.program(named: "on_egress").attach(options)
            try expectSame(try filters(network, .ingress), ["7"], "priorities of the filters that come in")
            ingress.detach()
            try expectSame(try filters(network, .egress), ["7"], "priorities of the filters that go out")
            egress.detach()
            let isThere = try network.run("the disciplines") { () throws(LinuxError) in
                try TrafficControl.hasDiscipline(try Interfaces.index(named: "skep-b")) ? 1 : 0
            }
            try expectSame(isThere, 0, "disciplines left")
            return .passed
        },
        KernelCheck(
            "filters of processes that died are taken away",
            subject: .feature("tc filters of dead processes are removed")
        ) {
            let object = try CheckObject.load("interfaces", programs: ["in_order"])
            let program = try object.program(named: "in_order")
            let network = try CheckNetwork()
            let number = program.rawDescriptor
            // This process's number, but another start: one that has ended since.
            let name = "skep:\(try Files.identity("/proc/self/ns/pid").inode):\(Processes.current):1:gone"
            try network.run("the filter of another") { () throws(LinuxError) in
                let index = try Interfaces.index(named: receiver)
                _ = try TrafficControl.addDiscipline(to: index)
                _ = try TrafficControl.attach(
                    program: number, at: .init(interface: index, direction: .ingress), name: name)
                return 0
            }
            var options = network.options(for: receiver)
            options.mechanism = .classic
            let link = try program.attach(options)
            try expectSame(try filters(network, .ingress).count, 1, "filters")
            link.detach()
            let isThere = try network.run("the disciplines") { () throws(LinuxError) in
                try TrafficControl.hasDiscipline(try Interfaces.index(named: receiver)) ? 1 : 0
            }
            try expectSame(isThere, 0, "disciplines left")
            return .passed
        },
        KernelCheck(
            "a traffic control action sees every frame", subject: .hook("action"), options: ["CONFIG_NET_ACT_BPF"]
        ) {
            try frames("interfaces", "as_action", "hits", on: receiver) { _ in }
        },
        netkit("netkit/primary", "netkit_primary", on: sender),
        netkit("netkit/peer", "netkit_peer", on: receiver),
        KernelCheck(
            "netkit programs stand where they were asked to", minimumKernel: "6.7",
            subject: .feature("order of netkit programs"),
            options: ["CONFIG_NETKIT"]
        ) {
            try withNetkit { network in
                try order("netkit_primary", network, on: sender) { network throws(BPFError) in
                    try AttachedPrograms.onNetkit(sender, in: .descriptor(network))
                }
            }
        },
    ]

    private static let sender = "skep-a"
    private static let receiver = "skep-b"

    /// Waits until a counter has a value; it must not get past it.
    static func reach(_ expected: UInt64, _ counter: () throws -> UInt64) throws {
        for _ in 0..<100 where try counter() < expected { skep_workload_sleep(20) }
        try expectSame(try counter(), expected, "hits")
    }

    @discardableResult
    private static func frames(
        _ object: String, _ program: String, _ counter: String, on interface: String,
        _ change: (inout AttachOptions) -> Void
    ) throws -> CheckOutcome {
        let object = try CheckObject.load(object, programs: [program])
        let network = try CheckNetwork()
        try network.send(5, from: sender)
        var options = network.options(for: interface)
        change(&options)
        let link = try object.program(named: program).attach(options)
        try network.send(50, from: sender)
        try reach(50) { try object.number(counter) }
        link.detach()
        try network.send(5, from: sender)
        try expectSame(try object.number(counter), 50, "frames after the program was detached")
        return .passed
    }

    private static func update(
        _ name: String, _ program: String, _ counter: String, on interface: String,
        _ change: (inout AttachOptions) -> Void
    ) throws -> CheckOutcome {
        let first = try CheckObject.load(name, programs: [program])
        let second = try CheckObject.load(name, programs: [program])
        let network = try CheckNetwork()
        var options = network.options(for: interface)
        change(&options)
        let link = try first.program(named: program).attach(options)
        try network.send(20, from: sender)
        do throws(BPFError) {
            try link.update(to: second.program(named: program), replacing: second.program(named: program))
            return .failed("a program that is not attached was replaced")
        } catch {
            try expectSame(error.code, .invalidArgument, "the error of replacing another program")
        }
        try link.update(to: second.program(named: program), replacing: first.program(named: program))
        try network.send(30, from: sender)
        try reach(20) { try first.number(counter) }
        try reach(30) { try second.number(counter) }
        link.detach()
        try network.send(5, from: sender)
        try expectSame(try second.number(counter), 30, "frames after the program was detached")
        return .passed
    }

    private static func order(
        _ name: String, _ network: borrowing CheckNetwork, on interface: String = receiver,
        _ list: (Int32) throws(BPFError) -> AttachedPrograms
    ) throws -> CheckOutcome {
        let objects = try (0..<4).map { _ in try CheckObject.load("interfaces", programs: [name]) }
        let programs = try objects.map { try $0.program(named: name) }
        let ids = try programs.map { try $0.id }
        var options = network.options(for: interface)
        let middle = try programs[0].attach(options)
        options.order = AttachOrder(.first)
        let first = try programs[1].attach(options)
        options.order = AttachOrder(.before(.program(id: ids[0])))
        let second = try programs[2].attach(options)
        let revision = try list(network.namespaceNumber).revision
        options.order = AttachOrder(.after(.link(id: try second.information.id)), revision: revision)
        let third = try programs[3].attach(options)
        let found = try list(network.namespaceNumber)
        try expectSame(found.entries.map(\.programID), [ids[1], ids[2], ids[3], ids[0]], "the order of the programs")
        let links = [
            try first.information.id, try second.information.id, try third.information.id, try middle.information.id,
        ]
        try expectSame(found.entries.map(\.linkID), links, "the order of the links")
        do throws(BPFError) {
            _ = try programs[3].attach(options)
            return .failed("an old revision was taken")
        } catch {
            try expectSame(error.code, .invalidArgument, "the error of an old revision: \(error.report)")
        }
        try network.send(10, from: sender)
        for object in objects { try reach(10) { try object.number("hits") } }
        return .passed
    }

    private static func filters(
        _ network: borrowing CheckNetwork, _ direction: TrafficControl.Direction
    ) throws(LinuxError) -> [String] {
        try NetworkNamespace.descriptor(network.namespaceNumber).run { () throws(LinuxError) in
            try TrafficControl.filters(of: try Interfaces.index(named: "skep-b"), direction)
                .map { "\($0.filter.priority)" }
        }
    }

    private static func netkit(_ section: String, _ program: String, on source: String) -> KernelCheck {
        KernelCheck(
            "\(section) sees every frame of its end", minimumKernel: "6.7", subject: .hook(section),
            options: ["CONFIG_NETKIT"]
        ) {
            try withNetkit { network in
                let object = try CheckObject.load("interfaces", programs: [program])
                try network.send(5, from: source)
                let link = try object.program(named: program).attach(network.options(for: sender))
                try network.send(50, from: source)
                try reach(50) { try object.number("hits") }
                guard case .interface(_, let type) = try link.information.target else {
                    return .failed("it is no link to an interface")
                }
                try expectSame(type, section == "netkit/primary" ? 54 : 55, "the attach type of the link")
                link.detach()
                try network.send(5, from: source)
                try expectSame(try object.number("hits"), 50, "frames after the program was detached")
                return .passed
            }
        }
    }

    /// A pair of netkit devices; where the kernel has none, a pair of others, so that attaching says so.
    private static func withNetkit(_ body: (borrowing CheckNetwork) throws -> CheckOutcome) throws -> CheckOutcome {
        try body(try netkitNetwork())
    }

    private static func netkitNetwork() throws(LinuxError) -> CheckNetwork {
        do throws(LinuxError) {
            return try CheckNetwork { first, second throws(LinuxError) in
                try Interfaces.createNetkit(first, second)
            }
        } catch  where error.errno == .notSupported {
            return try CheckNetwork()
        }
    }
}
