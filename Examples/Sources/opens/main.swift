// SPDX-License-Identifier: Apache-2.0
// opens OBJECT: shows the files that this very process opens.

import BPF
@preconcurrency import Glibc

/// The first members of `struct event`; the path follows them.
struct Event: BitwiseCopyable {
    var process: UInt32
    var flags: UInt32
    var time: UInt64
}

func run(_ path: String) throws {
    // A spec is plain data: nothing has touched the kernel yet.
    var spec = try ObjectSpec(contentsOf: path)
    try spec.setVariable("target_pid", to: UInt32(getpid()))

    // Now the maps are made and the programs verified, but nothing runs yet.
    let object = try LoadedObject(spec)
    var ring = try RingBuffer(object.map(named: "events"))
    let byThread = try Map<UInt32, UInt64>(object.map(named: "by_thread"))

    // The programs run as long as their attachments live.
    var attachments = try object.attach()
    print("attached to \(attachments.descriptions.joined(separator: ", "))")
    for name in ["/etc/hostname", "/etc/os-release", "/nonexistent"] { close(open(name, O_RDONLY)) }

    // Records are read where the kernel wrote them: `record` cannot outlive the closure.
    while try ring.wait(milliseconds: 200) {
        ring.drain { record in
            guard let event = record.record(as: Event.self) else { return }
            let path = record.cString(at: MemoryLayout<Event>.size) ?? "?"
            print("process \(event.process) opens \(path)")
        }
    }

    let seen = try object.value(ofVariable: "seen", as: UInt64.self)
    print("\(seen) files in all")
    for (thread, count) in try byThread.entries() { print("thread \(thread) opened \(count)") }
    attachments.detach()
}

setlinebuf(stdout)
guard CommandLine.arguments.count == 2 else {
    print("usage: opens OBJECT")
    exit(2)
}
do {
    try run(CommandLine.arguments[1])
} catch let error as any DiagnosticError {
    // One value for logs (`chain`) and for people (`report`), with the exit code that fits.
    fputs("opens: \(error.report)\n", stderr)
    exit(error.failure.exitCode)
}
