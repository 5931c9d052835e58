// SPDX-License-Identifier: Apache-2.0
// echo OBJECT INTERFACE COUNT: answers datagrams to UDP port 7 past the kernel's network stack, until so many have come or
// ten seconds have passed.

import BPF
@preconcurrency import Glibc

/// Turns a datagram round: the sender becomes the receiver. The checksum is left out, which IPv4 allows, since sums that the
/// sender leaves to its network card are not there yet.
func turn(_ frame: inout MutableRawSpan) -> XDPSocket.Verdict {
    guard frame.byteCount >= 42 else { return .drop }
    exchange(0, 6, count: 6, in: &frame)  // Ethernet addresses
    exchange(26, 30, count: 4, in: &frame)  // IPv4 addresses
    exchange(34, 36, count: 2, in: &frame)  // ports
    for offset in 40..<42 { frame.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
    return .send(count: frame.byteCount)
}

func exchange(_ first: Int, _ second: Int, count: Int, in frame: inout MutableRawSpan) {
    for index in 0..<count {
        guard let one = frame.bytes.integer(at: first + index, as: UInt8.self, order: .host),
            let other = frame.bytes.integer(at: second + index, as: UInt8.self, order: .host)
        else { return }
        frame.storeBytes(of: other, toByteOffset: first + index, as: UInt8.self)
        frame.storeBytes(of: one, toByteOffset: second + index, as: UInt8.self)
    }
}

func run(_ path: String, on interface: String, until count: Int) throws {
    let object = try LoadedObject(ObjectSpec(contentsOf: path))
    let memory = try UserMemory(frameCount: 512)
    var options = XDPSocket.Options()
    options.ringSize = 256
    var socket = try XDPSocket(interface, memory: memory, options: options)
    try object.map(named: "sockets").setSocket(socket.rawDescriptor, for: 0 as UInt32)

    var attach = AttachOptions()
    attach.interfaces = [interface]
    let link = try object.program(named: "to_socket").attach(attach)
    print("answering on \(link.description), \(try socket.isZeroCopy ? "without" : "with") a copy")

    var answered = 0
    for _ in 0..<100 where answered < count {
        guard try socket.wait(milliseconds: 100) else { continue }
        answered += try socket.receive { frame in turn(&frame) }
    }
    let statistics = try socket.statistics
    print("answered \(answered) datagrams, \(statistics.dropped + socket.unsentFrames) dropped")
    link.detach()
}

setlinebuf(stdout)
guard CommandLine.arguments.count == 4, let count = Int(CommandLine.arguments[3]) else {
    print("usage: echo OBJECT INTERFACE COUNT")
    exit(2)
}
do {
    try run(CommandLine.arguments[1], on: CommandLine.arguments[2], until: count)
} catch let error as any DiagnosticError {
    fputs("echo: \(error.report)\n", stderr)
    exit(error.failure.exitCode)
}
