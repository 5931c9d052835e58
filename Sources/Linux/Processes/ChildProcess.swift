// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// A process that this one started.
///
/// When its owner goes away without waiting for it, it is killed and reaped. Only this child is ever signalled.
///
/// ```swift
/// let result = try ChildProcess.run("/usr/bin/uname", ["-r"], timeLimit: 5_000)
/// ```
public struct ChildProcess: ~Copyable, Sendable {
    /// The process's number, its own until it was waited for.
    public let number: Int32
    // A plain number, since a type that ends ownership early may hold nothing with a deinit.
    private let gate: Int32

    /// How a process ended.
    public enum Ending: Sendable, Hashable {
        /// By itself, with a status of 0 to 255.
        case exited(Int32)
        /// By a signal.
        case signalled(Int32)

        init(status: Int32) {
            let signal = status & 0x7f
            self = signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
        }
    }

    /// What to start.
    public struct Command: Sendable {
        /// The program: a path, or a name that is looked for in `PATH`.
        public var program: String
        /// The arguments after the name.
        public var arguments: [String]
        /// Variables as `NAME=value`; `nil` for those of this process.
        public var environment: [String]?
        /// The working directory; `nil` for that of this process.
        public var directory: String?
        /// Holds the process back before the program runs, until ``ChildProcess/proceed()``; its number stays the same.
        public var isHeld = false

        /// Makes a description.
        public init(_ program: String, _ arguments: [String] = []) {
            self.program = program
            self.arguments = arguments
        }
    }

    /// Starts a process with this process's standard streams.
    ///
    /// Signals that this process blocks or ignores have their usual effect in the new one.
    ///
    /// - Parameters:
    ///   - command: what to start.
    ///   - input: becomes standard input, instead of this process's.
    ///   - output: becomes standard output.
    ///   - errors: becomes standard error.
    /// - Throws: `ENOENT` when there is no such program. A held process is started by a shell, so that a missing
    ///   program shows as exit status 127.
    public static func start(
        _ command: Command, input: Int32? = nil, output: Int32? = nil, errors: Int32? = nil
    ) throws(LinuxError) -> ChildProcess {
        var program = command.program
        var arguments = [command.program] + command.arguments
        let pipe = try Pipe()
        if command.isHeld {
            // A shell waits for a line on descriptor 9 and becomes the program, which keeps the process number.
            arguments = ["sh", "-c", "read -r _ <&9 || exit 125; exec 9<&-; exec \"$@\"", "sh"] + arguments
            program = "/bin/sh"
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (source, target) in [(input, Int32(0)), (output, 1), (errors, 2)] {
            if let source { posix_spawn_file_actions_adddup2(&actions, source, target) }
        }
        // Last, since one of the others may be number 9 so far.
        if command.isHeld { posix_spawn_file_actions_adddup2(&actions, pipe.read.rawValue, 9) }
        if let directory = command.directory { _ = skep_spawn_set_directory(&actions, directory) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var number: pid_t = 0
        let answer = withStrings(arguments) { arguments in
            if let environment = command.environment {
                return withStrings(environment) { environment in
                    posix_spawnp(&number, program, &actions, &attributes, arguments, environment)
                }
            }
            return posix_spawnp(&number, program, &actions, &attributes, arguments, environ)
        }
        if answer != 0 { throw LinuxError(Errno(rawValue: answer), call: "posix_spawn", path: command.program) }
        return ChildProcess(number: number, gate: pipe.keepingWrite().release())
    }

    private init(number: Int32, gate: Int32) {
        self.number = number
        self.gate = gate
    }

    deinit {
        // The number is still this child's: nobody else may reap it.
        kill(number, SIGKILL)
        _ = Self.reap(number, options: 0)
        _ = skep_close(gate)
    }

    /// Lets a held process run its program.
    public func proceed() throws(LinuxError) {
        try FileDescriptor.write([UInt8(ascii: "\n")], to: gate)
    }

    /// Sends the process a signal, such as 15 (`SIGTERM`).
    public func signal(_ signal: Int32) {
        kill(number, signal)
    }

    /// Waits until the process ends.
    public consuming func wait() -> Ending {
        let ending = Self.reap(number, options: 0) ?? .exited(255)
        _ = skep_close(gate)
        discard self
        return ending
    }

    /// Waits until the process ends or the time is up, and kills it then.
    ///
    /// - Returns: how it ended, and whether the time was up.
    public consuming func wait(milliseconds: Int32) -> (ending: Ending, timedOut: Bool) {
        let timedOut = !hasEnded(within: milliseconds)
        if timedOut { kill(number, SIGKILL) }
        return (wait(), timedOut)
    }

    /// Whether the process ends within a time. It is not reaped: its number stays its own.
    public func hasEnded(within milliseconds: Int32) -> Bool {
        if milliseconds > 0, let descriptor = try? FileDescriptor.adopting(skep_pidfd_open(number, 0), "pidfd_open") {
            let end = Clock.monotonic() + UInt64(milliseconds) * 1_000_000
            var item = skep_poll(descriptor: descriptor.rawValue, events: 1, results: 0)
            repeat {
                let left = Int32(clamping: Int64(clamping: end &- min(end, Clock.monotonic())) / 1_000_000)
                let answer = skep_poll_descriptors(&item, 1, left)
                if answer != -Int(Errno.interrupted.rawValue) { break }
            } while Clock.monotonic() < end
        }
        var information = siginfo_t()
        return waitid(P_PID, id_t(number), &information, WEXITED | WNOHANG | WNOWAIT) != 0
            || information.si_signo == SIGCHLD
    }

    private static func reap(_ number: Int32, options: Int32) -> Ending? {
        var status: Int32 = 0
        while true {
            let answer = waitpid(number, &status, options)
            if answer == number { return Ending(status: status) }
            if answer == -1, errno == EINTR { continue }
            return nil
        }
    }
}

/// Calls `body` with strings as C wants them, ended by a null pointer.
private func withStrings(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
) -> Int32 {
    var pointers = strings.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map(body) ?? EINVAL
    }
}
