// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@Suite("Child processes")
struct ChildProcessTests {
    @Test("Input goes in, both outputs come out")
    func streams() throws {
        let input = [UInt8](repeating: 120, count: 300_000)
        let result = try ChildProcess.run(
            ChildProcess.Command("sh", ["-c", "cat; echo problem >&2; exit 3"]), input: input)
        #expect(result.ending == .exited(3))
        #expect(result.output == input)
        #expect(result.errors == [UInt8]("problem\n".utf8))
        #expect(!result.wasStopped)
    }

    @Test("A process that never ends is stopped")
    func timeLimit() throws {
        let result = try ChildProcess.run("sleep", ["1000"], timeLimit: 50)
        #expect(result.wasStopped)
        #expect(result.ending == .signalled(9))
    }

    @Test("A process that writes without end is stopped")
    func outputLimit() throws {
        let result = try ChildProcess.run(ChildProcess.Command("yes"), outputLimit: 10_000)
        #expect(result.wasStopped)
    }

    @Test("A process that does not read its input does not end this one")
    func brokenPipe() throws {
        let result = try ChildProcess.run(
            ChildProcess.Command("true"), input: [UInt8](repeating: 0, count: 1 << 20))
        #expect(result.isSuccess)
    }

    @Test("A missing program is an error with its name")
    func missing() {
        #expect(throws: LinuxError.self) { try ChildProcess.run("/nonexistent/program", []) }
    }

    @Test("A held process has its number before its program runs")
    func held() throws {
        let pipe = try Pipe()
        var command = ChildProcess.Command("sh", ["-c", "echo $$"])
        command.isHeld = true
        let child = try ChildProcess.start(command, output: pipe.write.rawValue)
        let number = child.number
        let endedEarly = child.hasEnded(within: 20)
        #expect(!endedEarly)
        try child.proceed()
        #expect(child.wait(milliseconds: 10_000).ending == .exited(0))
        #expect(try String(decoding: pipe.read.read(upTo: 100), as: UTF8.self) == "\(number)\n")
    }

    @Test("The working directory and the environment are the command's")
    func surroundings() throws {
        var command = ChildProcess.Command("/bin/sh", ["-c", "pwd; echo $SKEP_TEST"])
        command.directory = "/proc"
        command.environment = ["SKEP_TEST=yes"]
        #expect(try ChildProcess.run(command).output == [UInt8]("/proc\nyes\n".utf8))
    }
}
