// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

extension KernelCheck {
    /// Programs see packets, all in network namespaces and cgroups that the checks make.
    static let networkChecks = [
        KernelCheck("XDP sees every frame that comes in", subject: .hook("xdp")) {
            try countFrames(program: "on_frame", counter: "xdp_hits", on: receiver)
        },
        KernelCheck("tc sees every frame that comes in", subject: .hook("tc/ingress")) {
            try countFrames(program: "ingress", counter: "ingress_hits", on: receiver)
        },
        KernelCheck("tc sees every frame that goes out", subject: .hook("tc/egress")) {
            try countFrames(program: "egress", counter: "egress_hits", on: sender)
        },
        KernelCheck("a socket filter sees every frame of an interface", subject: .hook("socket")) {
            try countFrames(program: "filter", counter: "socket_hits", on: receiver)
        },
        KernelCheck("an attachment changes its program without a gap") {
            let first = try CheckObject.load("network", programs: ["on_frame"])
            let second = try CheckObject.load("network", programs: ["on_frame"])
            let network = try CheckNetwork(sender, receiver)
            let link = try first.program(named: "on_frame").attach(network.options(for: receiver))
            try network.send(20, from: sender)
            try link.update(to: second.program(named: "on_frame"))
            try network.send(30, from: sender)
            try expectSame(try first.number("xdp_hits"), 20, "frames of the first program")
            try expectSame(try second.number("xdp_hits"), 30, "frames of the second program")
            link.detach()
            return .passed
        },
        KernelCheck(
            "a cgroup's program sees what its processes send, and nobody else's", subject: .hook("cgroup_skb/egress")
        ) {
            let parent: String
            do throws(LinuxError) {
                parent = try ControlGroups.mountPoint()
            } catch {
                return .skipped("no cgroup v2 is mounted: \(error)")
            }
            let cgroup = try CheckCgroup("sender")
            let object = try CheckObject.load("network", programs: ["cgroup_egress"])
            var options = AttachOptions()
            options.cgroup = cgroup.path
            let link = try object.program(named: "cgroup_egress").attach(options)
            let network = try CheckNetwork(sender, receiver)
            try network.sendDatagrams(7, cgroup: cgroup.path)
            try network.sendDatagrams(5, cgroup: parent)
            try expectSame(try object.number("cgroup_egress_hits"), 7, "datagrams")
            link.detach()
            return .passed
        },
    ]

    private static let sender = "skep-a"
    private static let receiver = "skep-b"

    private static func countFrames(program: String, counter: String, on interface: String) throws -> CheckOutcome {
        let object = try CheckObject.load("network", programs: [program])
        let network = try CheckNetwork(sender, receiver)
        try network.send(5, from: sender)
        let link = try object.program(named: program).attach(network.options(for: interface))
        try network.send(50, from: sender)
        try expectSame(try object.number(counter), 50, "frames while the program was attached")
        link.detach()
        try network.send(5, from: sender)
        try expectSame(try object.number(counter), 50, "frames after the program was detached")
        return .passed
    }
}
