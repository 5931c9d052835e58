// SPDX-License-Identifier: Apache-2.0

import Guest
import Linux

/// Process 1 of a guest of `skep test`: makes the machine usable, runs the service and beside it the script, or some work
/// of its own, and powers the machine off.
enum GuestTest {
    /// The word by which it starts itself as a program that does nothing.
    static let nothing = "guest-nothing"
    /// How long the service may take to end once it is told to, in milliseconds.
    private static let endLimit: Int32 = 30_000

    static func run(_ plan: TestPlan) -> Never {
        GuestSystem.prepare()
        prepareNetwork()
        do throws(LinuxError) {
            if plan.isInteractive { try interact(plan) } else { try test(plan) }
        } catch {
            GuestSystem.say(TestLine.error(error.message).text)
        }
        GuestSystem.say(TestLine.done.text)
        GuestSystem.powerOff()
    }

    /// The loopback interface, and a pair of connected interfaces for services that want one.
    private static func prepareNetwork() {
        _ = try? Interfaces.createPair("skep0", "skep1")
        for name in ["lo", "skep0", "skep1"] {
            if let index = try? Interfaces.index(named: name) { try? Interfaces.setUp(index) }
        }
    }

    private static func test(_ plan: TestPlan) throws(LinuxError) {
        let pipe = try Pipe()
        let service = try ChildProcess.start(
            ChildProcess.Command("/init", [GuestService.word]), output: pipe.write.rawValue, errors: pipe.write.rawValue
        )
        let output = LineRelay(pipe.keepingRead()) { line in
            if TestLine(line) != nil { return line }
            return (line.hasPrefix("{") ? TestLine.row(line) : TestLine.log(line)).text
        }
        // The service says that it is attached, or ends.
        while output.isOpen, !output.said(.attached) { output.pump(milliseconds: 100) }
        if output.isOpen {
            if Files.exists(TestPlan.script) {
                try runScript(while: output)
            } else {
                work(for: plan.duration, while: output)
            }
            // What was done last is still on its way.
            let end = Clock.monotonic() + 300_000_000
            while output.isOpen, Clock.monotonic() < end { output.pump(milliseconds: 50) }
            service.signal(2)
        }
        let end = Clock.monotonic() + UInt64(endLimit) * 1_000_000
        while output.isOpen, Clock.monotonic() < end { output.pump(milliseconds: 100) }
        let (ending, _) = service.wait(milliseconds: 1_000)
        GuestSystem.say(TestLine.ended(code(ending)).text)
    }

    private static func runScript(while output: LineRelay) throws(LinuxError) {
        let pipe = try Pipe()
        var command = ChildProcess.Command("/bin/sh", [TestPlan.script])
        command.environment = environment
        command.directory = "/tmp"
        let script = try ChildProcess.start(command, output: pipe.write.rawValue, errors: pipe.write.rawValue)
        let printed = LineRelay(pipe.keepingRead()) { TestLine.script($0).text }
        while !script.hasEnded(within: 0) {
            printed.pump(milliseconds: 20)
            output.pump(milliseconds: 20)
        }
        while printed.isOpen, printed.pump(milliseconds: 100) {}
        GuestSystem.say(TestLine.scriptEnded(code(script.wait())).text)
    }

    /// Starts programs, and makes, renames and removes files, so that most services have something to show.
    private static func work(for duration: UInt64, while output: LineRelay) {
        let end = Clock.monotonic() + duration
        while output.isOpen, Clock.monotonic() < end {
            _ = try? ChildProcess.run("/init", [nothing], timeLimit: 10_000)
            try? Files.write(Array("skep\n".utf8), to: "/tmp/skep-work")
            try? Files.rename("/tmp/skep-work", to: "/tmp/skep-done")
            try? Files.remove("/tmp/skep-done")
            let pause = Clock.monotonic() + 100_000_000
            while output.isOpen, Clock.monotonic() < pause { output.pump(milliseconds: 20) }
        }
    }

    /// A shell on the console while the service runs; its rows go to a file.
    private static func interact(_ plan: TestPlan) throws(LinuxError) {
        let log = try FileDescriptor.open("/tmp/rows", .replace)
        let service = try ChildProcess.start(
            ChildProcess.Command("/init", [GuestService.word]), output: log.rawValue, errors: log.rawValue)
        GuestSystem.say("The service \(plan.service) runs as process \(service.number); its output is in /tmp/rows.")
        GuestSystem.say("Leave the shell with `exit`; Ctrl-A X stops the machine at once.")
        var command = ChildProcess.Command("/bin/busybox", ["setsid", "cttyhack", "/bin/sh", "-l"])
        command.environment = environment
        command.directory = "/tmp"
        _ = try ChildProcess.start(command).wait()
        service.signal(2)
        _ = service.wait(milliseconds: endLimit)
    }

    private static let environment = ["PATH=/bin:/sbin", "HOME=/tmp", "TERM=vt100", "PS1=skep:\\w# "]

    private static func code(_ ending: ChildProcess.Ending) -> Int32 {
        switch ending {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        }
    }
}

/// Hands lines of a pipe on to the console, each in a frame.
private final class LineRelay {
    private let descriptor: FileDescriptor
    private let frame: (String) -> String
    private var partial: [UInt8] = []
    private var lines: Set<String> = []
    private(set) var isOpen = true

    init(_ descriptor: consuming FileDescriptor, frame: @escaping (String) -> String) {
        self.descriptor = descriptor
        self.frame = frame
    }

    /// Whether a line was handed on; only those without a value are remembered.
    func said(_ line: TestLine) -> Bool { lines.contains(line.text) }

    /// Waits for output and hands it on.
    ///
    /// - Returns: whether there was any.
    @discardableResult
    func pump(milliseconds: Int32) -> Bool {
        guard isOpen, (try? Poll.wait(for: descriptor.rawValue, milliseconds: milliseconds)) ?? false else {
            return false
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        let count = (try? descriptor.read(into: buffer)) ?? 0
        if count == 0 { isOpen = false }
        for byte in buffer[0..<count] where byte != UInt8(ascii: "\r") {
            if byte == UInt8(ascii: "\n") { endLine() } else { partial.append(byte) }
        }
        if !isOpen { endLine() }
        return count > 0
    }

    private func endLine() {
        guard !partial.isEmpty else { return }
        let line = frame(String(decoding: partial, as: UTF8.self))
        partial.removeAll()
        if line == TestLine.loaded.text || line == TestLine.attached.text { lines.insert(line) }
        GuestSystem.say(line)
    }
}
