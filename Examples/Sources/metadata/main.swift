// SPDX-License-Identifier: Apache-2.0
// metadata OBJECT INTERFACE COUNT: asks an interface what it knows of its packets, until so many have come, or five seconds
// have passed.

import BPF
@preconcurrency import Glibc

func run(_ path: String, on interface: String, until count: UInt64) throws {
    // Only a program that is loaded for a device may ask it, and it runs on no other one.
    var loading = LoadOptions()
    loading.boundDevice = BoundDevice(interface)
    let object = try LoadedObject(ObjectSpec(contentsOf: path), options: loading)

    var options = AttachOptions()
    options.interfaces = [interface]
    let link = try object.program(named: "ask").attach(options)
    print("asking \(link.description)")
    var packets: UInt64 = 0
    for _ in 0..<100 where packets < count {
        usleep(50_000)
        packets = try object.value(ofVariable: "packets", as: UInt64.self)
    }
    link.detach()
    let hashes = try object.value(ofVariable: "hashes", as: UInt64.self)
    let timestamps = try object.value(ofVariable: "timestamps", as: UInt64.self)
    print("\(packets) packets, \(hashes) with a hash, \(timestamps) with a time")

    options.interfaces = ["lo"]
    do throws(BPFError) {
        _ = try object.program(named: "ask").attach(options)
    } catch {
        print("lo refuses: \(error.message)")
    }
}

setlinebuf(stdout)
guard CommandLine.arguments.count == 4, let count = UInt64(CommandLine.arguments[3]) else {
    print("usage: metadata OBJECT INTERFACE COUNT")
    exit(2)
}
do {
    try run(CommandLine.arguments[1], on: CommandLine.arguments[2], until: count)
} catch let error as any DiagnosticError {
    fputs("metadata: \(error.report)\n", stderr)
    exit(error.failure.exitCode)
}
