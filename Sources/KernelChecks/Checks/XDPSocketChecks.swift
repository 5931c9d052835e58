// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import CheckWorkload
import Linux

extension KernelCheck {
    /// Sockets of the kind AF_XDP, on both ends of a pair of interfaces.
    static let xdpSocketChecks = [
        echo("a socket of the kind AF_XDP echoes every frame", .native, wakeUp: true),
        echo("a socket of the kind AF_XDP echoes every frame of generic XDP", .generic, wakeUp: false),
        KernelCheck(
            "a driver that must copy frames says so", subject: .feature("AF_XDP: what a driver cannot do is said")
        ) {
            let network = try CheckNetwork()
            let memory = try UserMemory(frameCount: 64)
            do throws(BPFError) {
                _ = try XDPSocket("skep-b", memory: memory, options: options(network) { $0.copying = .never })
                return .failed("a virtual interface does without copies")
            } catch {
                try expectSame(error.code, .notSupported, "the error: \(error.report)")
                try expect(error.message.contains("cannot do without copying"), error.message)
            }
            do throws(BPFError) {
                let other = try UserMemory(frameCount: 64)
                _ = try XDPSocket("skep-b", memory: other, options: options(network) { $0.queue = 77 })
                return .failed("an interface has any number of queues")
            } catch {
                try expectSame(error.code, .invalidArgument, "the error of a missing queue: \(error.report)")
            }
            return .passed
        },
        KernelCheck(
            "sockets on two interfaces share memory", minimumKernel: "5.10",
            subject: .feature("AF_XDP: sockets that share memory")
        ) {
            let network = try CheckNetwork()
            let object = try CheckObject.load("xdpsocket")
            let memory = try UserMemory(frameCount: 512)
            var receiver = try XDPSocket(
                "skep-b", memory: memory, options: options(network) { $0.frameCount = 256 })
            var sender = try XDPSocket("skep-a", memory: memory, options: options(network) { $0.frameCount = 256 })
            do throws(BPFError) {
                _ = try XDPSocket("skep-a", memory: memory, options: options(network) { $0.queue = 1 })
                return .failed("there are more frames than there are")
            } catch {
                try expectSame(error.code, .invalidArgument, "the error of used up memory: \(error.report)")
            }
            try object.map(named: "sockets").setSocket(receiver.rawDescriptor, for: 0 as UInt32)
            var attach = network.options(for: "skep-b")
            attach.xdpMode = .native
            let link = try object.program(named: "redirect").attach(attach)
            for number in 0..<100 {
                let isSent = sender.send(upTo: 64) { frame in write(&frame, number) }
                try expect(isSent, "frame \(number) has no room")
            }
            try sender.flush()
            var numbers: [Int] = []
            for _ in 0..<100 where numbers.count < 100 {
                guard try receiver.wait(milliseconds: 50) else { continue }
                try receiver.receive { frame in
                    numbers.append(Int(frame.bytes.unsafeLoadUnaligned(fromByteOffset: 14, as: UInt8.self)))
                    return .drop
                }
            }
            try expectSame(numbers, Array(0..<100), "the numbers in the frames")
            try expectSame(try receiver.statistics.dropped, 0, "dropped frames")
            link.detach()
            return .passed
        },
    ]

    private static func options(
        _ network: borrowing CheckNetwork, _ change: (inout XDPSocket.Options) -> Void
    ) -> XDPSocket.Options {
        var options = XDPSocket.Options()
        options.networkNamespace = .descriptor(network.namespaceNumber)
        options.ringSize = 256
        change(&options)
        return options
    }

    private static func write(_ frame: inout MutableRawSpan, _ number: Int) -> Int {
        for offset in 0..<64 { frame.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
        for offset in 0..<6 { frame.storeBytes(of: 0xff, toByteOffset: offset, as: UInt8.self) }
        frame.storeBytes(of: 0x88, toByteOffset: 12, as: UInt8.self)
        frame.storeBytes(of: 0xb5, toByteOffset: 13, as: UInt8.self)
        frame.storeBytes(of: UInt8(truncatingIfNeeded: number), toByteOffset: 14, as: UInt8.self)
        return 64
    }

    /// Frames that are sent to one end come back out of it, and a counter at the other end sees them.
    private static func echo(_ name: String, _ mode: AttachOptions.XDPMode, wakeUp: Bool) -> KernelCheck {
        KernelCheck(
            name,
            subject: .feature(mode == .native ? "AF_XDP: frames over native XDP" : "AF_XDP: frames over generic XDP"),
            options: ["CONFIG_XDP_SOCKETS"]
        ) {
            let network = try CheckNetwork()
            let object = try CheckObject.load("xdpsocket")
            let counter = try CheckObject.load("interfaces", programs: ["count"])
            let memory = try UserMemory(frameCount: 512)
            var socket = try XDPSocket(
                "skep-b", memory: memory,
                options: options(network) {
                    $0.copying = .always
                    $0.usesWakeUp = wakeUp
                })
            try object.map(named: "sockets").setSocket(socket.rawDescriptor, for: 0 as UInt32)
            var attach = network.options(for: "skep-b")
            attach.xdpMode = mode
            let link = try object.program(named: "redirect").attach(attach)
            let arrival = try counter.program(named: "count").attach(network.options(for: "skep-a"))
            var echoed = 0
            // More frames than the socket has, so that each is used more than once.
            for _ in 0..<10 {
                try network.send(100, from: "skep-a")
                while try socket.wait(milliseconds: 20) {
                    echoed += try socket.receive { frame in .send(count: frame.byteCount) }
                }
            }
            try socket.flush()
            try expectSame(try object.number("hits"), 1000, "frames that came in")
            try expectSame(echoed, 1000, "frames that the socket got")
            try reach(1000) { try counter.number("hits") }
            try expectSame(socket.unsentFrames, 0, "frames without room")
            let statistics = try socket.statistics
            try expectSame(statistics.dropped + statistics.receiveRingFull, 0, "dropped frames")
            try expectSame(try socket.isZeroCopy, false, "whether frames were not copied")
            link.detach()
            arrival.detach()
            return .passed
        }
    }
}
