// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import CheckWorkload
import Linux

extension KernelCheck {
    /// Programs at routes, sockets, namespaces and netfilter.
    static let networkStackChecks = [
        KernelCheck(
            "netfilter sees every packet of its hook, and only of its namespace", minimumKernel: "6.4",
            subject: .hook("netfilter"), options: ["CONFIG_NETFILTER_BPF_LINK"]
        ) {
            let object = try CheckObject.load("netstack", programs: ["filtered"])
            let network = try CheckNetwork()
            let receiver = try network.run("bind") { skep_workload_bind_shared(0, 7000) }
            defer { skep_workload_close(Int32(receiver)) }
            for (index, place) in [NetfilterPlace(.ipv4, .input), .init(.ipv4, .output)].enumerated() {
                var options = network.options
                options.netfilter = place
                options.priority = 12 + Int32(index)
                let link = try object.program(named: "filtered").attach(options)
                let information = try link.information
                try expectSame(
                    information.target,
                    .netfilter(family: 2, hook: place.hook.rawValue, priority: 12 + Int32(index), flags: 0),
                    "the target of the link")
                try network.run("sendto") { skep_workload_send_to("127.0.0.1", 7000, 25) }
                try reach(UInt64(25 * (index + 1))) { try object.number("hits") }
                link.detach()
            }
            try network.run("sendto") { skep_workload_send_to("127.0.0.1", 7000, 5) }
            try expectSame(try object.number("hits"), 50, "packets after the programs were detached")
            return .passed
        },
        KernelCheck(
            "netfilter puts fragments together for a program", minimumKernel: "6.6",
            subject: .feature("netfilter: fragments put together"),
            options: ["CONFIG_NETFILTER_BPF_LINK", "CONFIG_NF_DEFRAG_IPV4"]
        ) {
            let object = try CheckObject.load("netstack", programs: ["filtered"])
            let network = try CheckNetwork()
            var options = network.options
            options.netfilter = NetfilterPlace(.ipv4, .prerouting)
            options.netfilter?.defragments = true
            return try defragmented(object.program(named: "filtered"), options)
        },
        KernelCheck("flow_dissector sees the packets whose headers are read", subject: .hook("flow_dissector")) {
            let object = try CheckObject.load("netstack", programs: ["dissect"])
            let network = try CheckNetwork()
            let link = try object.program(named: "dissect").attach(network.options)
            try network.send(30, from: "skep-a")
            // A packet socket asks for the headers of each frame that it sends.
            try reach(30) { try object.number("hits") }
            guard case .networkNamespace(let inode, 17) = try link.information.target else {
                return .failed("it is no link to a namespace")
            }
            try expect(inode > 0, "the link's namespace has no number")
            link.detach()
            try network.send(5, from: "skep-a")
            try expectSame(try object.number("hits"), 30, "packets after the program was detached")
            return .passed
        },
        KernelCheck("sk_lookup gives connections to other ports to a socket", subject: .hook("sk_lookup")) {
            let object = try CheckObject.load("netstack", programs: ["choose"])
            let network = try CheckNetwork()
            let listener = try network.run("listen") { skep_workload_bind_shared(1, 7000) }
            defer { skep_workload_close(Int32(listener)) }
            try object.map(named: "sockets").setSocket(Int32(listener), for: 0 as UInt32)
            let link = try object.program(named: "choose").attach(network.options)
            try expectSame(try network.run("connect") { skep_workload_connect(7001, 7) }, 5, "connections")
            try expectSame(try object.number("hits"), 5, "hits")
            try expectSame(skep_workload_take_connections(Int32(listener)), 5, "connections of the listener")
            link.detach()
            try expectSame(try network.run("connect") { skep_workload_connect(7001, 7) }, 0, "connections afterwards")
            return .passed
        },
        KernelCheck("sk_reuseport chooses the socket of every datagram", subject: .hook("sk_reuseport")) {
            let object = try CheckObject.load("netstack", programs: ["select"])
            let network = try CheckNetwork()
            let sockets = try (0..<2).map { _ in try network.run("bind") { skep_workload_bind_shared(0, 7000) } }
            defer { for socket in sockets { skep_workload_close(Int32(socket)) } }
            for (index, socket) in sockets.enumerated() {
                try object.map(named: "group").setSocket(Int32(socket), for: UInt32(index))
            }
            var options = AttachOptions()
            options.socket = Int32(sockets[0])
            let link = try object.program(named: "select").attach(options)
            for wanted in 0..<2 {
                try object.setVariable("wanted_socket", to: UInt32(wanted))
                try network.run("sendto") { skep_workload_send_to("127.0.0.1", 7000, 20) }
                try expectSame(
                    skep_workload_take_datagrams(Int32(sockets[wanted])), 20, "datagrams of socket \(wanted)")
                try expectSame(skep_workload_take_datagrams(Int32(sockets[1 - wanted])), 0, "datagrams of the other")
            }
            try expectSame(try object.number("hits"), 40, "hits")
            link.detach()
            try network.run("sendto") { skep_workload_send_to("127.0.0.1", 7000, 5) }
            try expectSame(try object.number("hits"), 40, "hits after the program was detached")
            return .passed
        },
        KernelCheck(
            "sk_reuseport/migrate gives the connections of a closed socket to another", minimumKernel: "5.14",
            subject: .hook("sk_reuseport/migrate")
        ) {
            let object = try CheckObject.load("netstack", programs: ["migrate"])
            let network = try CheckNetwork()
            let sockets = try (0..<2).map { _ in try network.run("listen") { skep_workload_bind_shared(1, 7000) } }
            defer { skep_workload_close(Int32(sockets[1])) }
            for (index, socket) in sockets.enumerated() {
                try object.map(named: "group").setSocket(Int32(socket), for: UInt32(index))
            }
            var options = AttachOptions()
            options.socket = Int32(sockets[1])
            let link = try object.program(named: "migrate").attach(options)
            let client = try network.run("connect") { skep_workload_open_connection(7000) }
            defer { skep_workload_close(Int32(client)) }
            try expectSame(try object.number("migrations"), 0, "migrations while the socket is open")
            skep_workload_close(Int32(sockets[0]))
            try expectSame(skep_workload_take_connections(Int32(sockets[1])), 1, "connections of the other socket")
            try expectSame(try object.number("migrations"), 1, "migrations")
            link.detach()
            return .passed
        },
        socketMap("sk_msg", "message", stream: true, at: 0),
        socketMap("sk_skb/stream_verdict", "stream_verdict", stream: true, at: 1),
        socketMap("sk_skb/stream_parser", "parser", with: "silent_verdict", stream: true, at: 1),
        socketMap("sk_skb/verdict", "verdict", stream: false, at: 1, since: "5.13"),
        socketMap("sk_skb", "plain_verdict", stream: true, at: 1),
        KernelCheck(
            "a link keeps a program at a map of sockets", minimumKernel: "6.10",
            subject: .feature("links to maps of sockets")
        ) {
            let object = try CheckObject.load("netstack", programs: ["message"])
            var options = AttachOptions()
            options.socketMap = try object.map(named: "sockets")
            options.mechanism = .link
            let link = try object.program(named: "message").attach(options)
            let information = try link.information
            try expectSame(information.kind, .socketMap, "the kind of the link")
            guard case .map(let id, 7) = information.target else { return .failed("it is no link to a map") }
            try expect(id > 0, "the link's map has no number")
            return .passed
        },
        tunnel("lwt_xmit", "route_transmit", interface: "skep-a"),
        tunnel("lwt_out", "route_out", interface: "skep-a"),
        // The loopback interface gives packets back as they were routed, so they come in by the same route.
        tunnel("lwt_in", "route_in", interface: "lo"),
        KernelCheck(
            "lwt_seg6local sees every packet of its segment", subject: .hook("lwt_seg6local"),
            options: ["CONFIG_IPV6_SEG6_BPF"]
        ) {
            let object = try CheckObject.load("netstack", programs: ["segment"])
            let network = try CheckNetwork()
            var options = network.options(for: "skep-a")
            options.route = "fc00:9::1/128"
            let link = try object.program(named: "segment").attach(options)
            try network.run("sendto") { () throws(LinuxError) in
                let address = try Interfaces.interface(try Interfaces.index(named: "skep-b")).address
                return skep_workload_send_segments(try Interfaces.index(named: "skep-a"), address, "fc00:9::1", 15)
            }
            try reach(15) { try object.number("hits") }
            link.detach()
            return .passed
        },
        KernelCheck(
            "lirc_mode2 sees what an infrared device receives", subject: .hook("lirc_mode2"),
            options: ["CONFIG_BPF_LIRC_MODE2"]
        ) {
            let object: LoadedObject
            do {
                object = try CheckObject.load("netstack", programs: ["infrared"])
            } catch let error as BPFError where isIncomplete && error.code == .notSupported {
                // A kind of program is never in a module.
                return .absent(error.message)
            }
            guard Files.exists("/dev/lirc0") else { return .skipped("this machine has no infrared device") }
            let link = try object.program(named: "infrared").attach(AttachOptions())
            link.detach()
            return .passed
        },
    ]

    private static func defragmented(_ program: Program, _ options: AttachOptions) throws -> CheckOutcome {
        let target: LinkInformation.Target
        do throws(BPFError) {
            target = try attachedTarget(program, options)
        } catch {
            // A module that distributions load when something needs it, and guests do not have.
            guard error.message.contains("is not loaded") else { throw error }
            return .skipped(isIncomplete ? incompleteness : error.message)
        }
        try expectSame(target, .netfilter(family: 2, hook: 0, priority: 0, flags: 1), "the target of the link")
        return .passed
    }

    private static func attachedTarget(
        _ program: Program, _ options: AttachOptions
    ) throws(BPFError) -> LinkInformation.Target {
        try program.attach(options).information.target
    }

    /// A program at a map of sockets, by a link and without one.
    private static func socketMap(
        _ section: String, _ program: String, with other: String? = nil, stream: Bool, at end: Int,
        since: KernelVersion = "5.10"
    ) -> KernelCheck {
        KernelCheck(
            "\(section) sees every message of the sockets in its map", minimumKernel: since, subject: .hook(section)
        ) {
            for mechanism in [AttachOptions.Mechanism.automatic, .classic] {
                let programs = Set([program] + (other.map { [$0] } ?? []))
                let object = try CheckObject.load("netstack", programs: programs)
                let network = try CheckNetwork()
                var options = AttachOptions()
                options.mechanism = mechanism
                options.socketMap = try object.map(named: "sockets")
                var links = Attachments()
                if let other { links.add(try object.program(named: other).attach(options)) }
                links.add(try object.program(named: program).attach(options))
                let pair = try NetworkNamespace.descriptor(network.namespaceNumber).run {
                    () throws(LinuxError) -> [Int32] in
                    var ends: [Int32] = [-1, -1]
                    let answer = skep_workload_connected_pair(stream ? 1 : 0, &ends)
                    if answer < 0 { throw LinuxError(Errno(rawValue: Int32(-answer)), call: "connect") }
                    return ends
                }
                defer { for socket in pair { skep_workload_close(socket) } }
                try object.map(named: "sockets").setSocket(pair[end], for: 0 as UInt32)
                let answer = skep_workload_send_messages(pair[0], 12)
                try expectSame(answer, 0, "the answer of send")
                try expectSame(skep_workload_take_bytes(pair[1], 300), stream ? 96 : 96, "bytes that came")
                try expectSame(try object.number("hits"), 12, "hits, \(mechanism)")
                links.detach()
            }
            return .passed
        }
    }

    private static func tunnel(_ section: String, _ program: String, interface: String) -> KernelCheck {
        KernelCheck(
            "\(section) sees every packet of its route", subject: .hook(section), options: ["CONFIG_LWTUNNEL_BPF"]
        ) {
            let first = try CheckObject.load("netstack", programs: [program])
            let second = try CheckObject.load("netstack", programs: [program])
            let network = try CheckNetwork()
            try network.run("the address") { () throws(LinuxError) in
                try Interfaces.addAddress(
                    [192, 0, 2, 1], prefixLength: 24, to: try Interfaces.index(named: interface))
                return 0
            }
            var options = network.options(for: interface)
            options.route = "10.9.0.0/24"
            let link = try first.program(named: program).attach(options)
            try network.run("sendto") { skep_workload_send_to("10.9.0.1", 7000, 20) }
            try reach(20) { try first.number("hits") }
            try link.update(to: second.program(named: program))
            try network.run("sendto") { skep_workload_send_to("10.9.0.1", 7000, 10) }
            try reach(10) { try second.number("hits") }
            try expectSame(try first.number("hits"), 20, "packets of the first program")
            link.detach()
            do throws(LinuxError) {
                try network.run("sendto") { skep_workload_send_to("10.9.0.1", 7000, 1) }
                return .failed("the route is still there")
            } catch {
                return .passed
            }
        }
    }
}
