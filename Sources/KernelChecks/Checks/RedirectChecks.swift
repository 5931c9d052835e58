// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

extension KernelCheck {
    /// Frames go where a map says, and arrive there.
    static let redirectChecks = [
        KernelCheck("devmap: frames leave by the interface of a slot", subject: .map("devmap")) {
            try toDevice("devices", number: 0, key: 1)
        },
        KernelCheck("devmap_hash: frames leave by the interface of a key", subject: .map("devmap_hash")) {
            try toDevice("hashed_devices", number: 1, key: 4711)
        },
        KernelCheck("cpumap: frames go up the stack on the CPU of a slot", subject: .map("cpumap")) {
            let object = try CheckObject.load(name, programs: ["redirect"])
            let counter = try CheckObject.load("network", programs: ["ingress"])
            let network = try CheckNetwork()
            let processors = try object.map(named: "processors")
            try processors.setProcessor(queueSize: 192, for: 0)
            try expectSame(
                try CheckMaps.number(processors.value(for: CheckMaps.bytes(0 as UInt32))), 192, "the queue's size")
            let arrival = try counter.program(named: "ingress").attach(network.options(for: "skep-b"))
            let link = try object.program(named: "redirect").attach(network.options(for: "skep-b"))
            try send(object, network, number: 2, key: 0, count: 40)
            try reach(40) { try counter.number("ingress_hits") }
            try send(object, network, number: 2, key: 1, count: 10)
            try expectSame(try object.number("hits"), 50, "frames that came in")
            try expectSame(try counter.number("ingress_hits"), 40, "frames after those for an empty slot")
            link.detach()
            arrival.detach()
            return .passed
        },
        KernelCheck(
            "xskmap: frames come to the socket of a slot", subject: .map("xskmap"), options: ["CONFIG_XDP_SOCKETS"]
        ) {
            let object = try CheckObject.load(name, programs: ["redirect"])
            let network = try CheckNetwork()
            var options = XDPSocket.Options()
            options.networkNamespace = .descriptor(network.namespaceNumber)
            var socket = try XDPSocket("skep-b", memory: try UserMemory(frameCount: 256), options: options)
            try object.map(named: "sockets").setSocket(socket.rawDescriptor, for: 2 as UInt32)
            let link = try object.program(named: "redirect").attach(network.options(for: "skep-b"))
            try send(object, network, number: 3, key: 2, count: 40)
            var sizes: [Int] = []
            while try socket.wait(milliseconds: 100) {
                try socket.receive { frame in
                    sizes.append(frame.byteCount)
                    return .drop
                }
            }
            try expectSame(sizes.count, 40, "frames that the socket got")
            try expect(sizes.allSatisfy { $0 >= 14 }, "a frame has \(sizes.min() ?? 0) bytes")
            try send(object, network, number: 3, key: 1, count: 10)
            try expectSame(try socket.wait(milliseconds: 50), false, "whether frames for an empty slot came")
            try expectSame(try object.number("hits"), 50, "frames that came in")
            link.detach()
            return .passed
        },
        KernelCheck(
            "xdp.frags/devmap sees the frames that are redirected to a device", minimumKernel: "5.18",
            subject: .hook("xdp.frags/devmap")
        ) {
            let object = try CheckObject.load(name, programs: ["redirect_fragments", "in_device_map"])
            let counter = try CheckObject.load("interfaces", programs: ["fragments"])
            let network = try largeNetwork()
            try network.addPair("skep-c", "skep-d", maximumPacket: 9000)
            try object.map(named: "devices_for_fragments").setDevice(
                "skep-c", in: .descriptor(network.namespaceNumber), program: object.program(named: "in_device_map"),
                for: 1)
            let arrival = try counter.program(named: "fragments").attach(network.options(for: "skep-d"))
            let link = try object.program(named: "redirect_fragments").attach(network.options(for: "skep-b"))
            try send(object, network, number: 0, key: 1, count: 40)
            try reach(40) { try object.number("map_hits") }
            // Devices get frames in fragments from other devices since Linux 6.3.
            if KernelVersion.current >= "6.3" {
                try sendLarge(network, 20)
                try reach(20) { try object.number("large_hits") }
                try reach(20) { try counter.number("large_hits") }
            }
            link.detach()
            arrival.detach()
            return .passed
        },
        KernelCheck(
            "xdp.frags/cpumap sees the frames that are handed to a CPU", minimumKernel: "5.18",
            subject: .hook("xdp.frags/cpumap")
        ) {
            let object = try CheckObject.load(name, programs: ["redirect_fragments", "in_processor_map"])
            let network = try largeNetwork()
            try object.map(named: "processors_for_fragments").setProcessor(
                queueSize: 192, program: object.program(named: "in_processor_map"), for: 0)
            let link = try object.program(named: "redirect_fragments").attach(network.options(for: "skep-b"))
            try send(object, network, number: 1, key: 0, count: 40)
            try reach(40) { try object.number("map_hits") }
            try sendLarge(network, 20)
            try reach(60) { try object.number("map_hits") }
            try expectSame(try object.number("large_hits"), 20, "frames in fragments")
            link.detach()
            return .passed
        },
    ]

    private static let name = "redirect"

    /// Frames that come in at one pair of interfaces leave by the other one.
    private static func toDevice(_ map: String, number: UInt32, key: UInt32) throws -> CheckOutcome {
        let object = try CheckObject.load(name, programs: ["redirect"])
        let counter = try CheckObject.load("interfaces", programs: ["count"])
        let network = try CheckNetwork()
        try network.addPair("skep-c", "skep-d")
        let devices = try object.map(named: map)
        try devices.setDevice("skep-c", in: .descriptor(network.namespaceNumber), for: key)
        let index = try network.index(of: "skep-c")
        let value = try devices.value(for: CheckMaps.bytes(key)) ?? []
        try expectSame(Array(value.prefix(4)), CheckMaps.bytes(index), "the interface")
        let arrival = try counter.program(named: "count").attach(network.options(for: "skep-d"))
        let link = try object.program(named: "redirect").attach(network.options(for: "skep-b"))
        try send(object, network, number: number, key: key, count: 40)
        try reach(40) { try counter.number("hits") }
        try send(object, network, number: number, key: 2, count: 10)
        try expectSame(try object.number("hits"), 50, "frames that came in")
        try expectSame(try counter.number("hits"), 40, "frames after those for an empty slot")
        link.detach()
        arrival.detach()
        return .passed
    }

    private static func send(
        _ object: LoadedObject, _ network: borrowing CheckNetwork, number: UInt32, key: UInt32, count: Int32
    ) throws {
        try object.setVariable("map_number", to: number)
        try object.setVariable("key", to: key)
        try network.send(count, from: "skep-a")
    }

    private static func largeNetwork() throws(LinuxError) -> CheckNetwork {
        let network = try CheckNetwork()
        try network.setMaximumPacket(9000, of: ["skep-a", "skep-b"])
        return network
    }

    private static func sendLarge(_ network: borrowing CheckNetwork, _ count: Int32) throws(LinuxError) {
        try network.run("sendto") { () throws(LinuxError) in
            skep_workload_send_large_frames(try Interfaces.index(named: "skep-a"), 6000, count)
        }
    }
}
