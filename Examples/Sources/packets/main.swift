// SPDX-License-Identifier: Apache-2.0
// packets OBJECT INTERFACE COUNT: counts packets by protocol until so many have come, or five seconds have passed.

import BPF
@preconcurrency import Glibc

/// `struct counter`, laid out as in C.
struct Counter: BitwiseCopyable, Sendable {
    var packets: UInt64
    var bytes: UInt64
}

func run(_ path: String, on interface: String, until count: UInt64) throws {
    let object = try LoadedObject(ObjectSpec(contentsOf: path))
    let counters = try Map<UInt16, Counter>(object.map(named: "counters"))

    var options = AttachOptions()
    options.interfaces = [interface]
    let link = try object.program(named: "count").attach(options)
    print("counting on \(link.description)")

    var total: UInt64 = 0
    for _ in 0..<100 where total < count {
        usleep(50_000)
        total = 0
        for (protocolNumber, _) in try counters.entries() {
            // Each CPU has counted for itself.
            total += try counters.valuesPerCPU(for: protocolNumber)?.reduce(0) { $0 + $1.packets } ?? 0
        }
    }
    for (protocolNumber, _) in try counters.entries().sorted(by: { $0.key < $1.key }) {
        let values = try counters.valuesPerCPU(for: protocolNumber) ?? []
        let (packets, bytes) = values.reduce((0, 0)) { ($0.0 + $1.packets, $0.1 + $1.bytes) }
        print("protocol 0x\(String(protocolNumber, radix: 16)): \(packets) packets, \(bytes) bytes")
    }
    link.detach()
}

setlinebuf(stdout)
guard CommandLine.arguments.count == 4, let count = UInt64(CommandLine.arguments[3]) else {
    print("usage: packets OBJECT INTERFACE COUNT")
    exit(2)
}
do {
    try run(CommandLine.arguments[1], on: CommandLine.arguments[2], until: count)
} catch let error as any DiagnosticError {
    fputs("packets: \(error.report)\n", stderr)
    exit(error.failure.exitCode)
}
