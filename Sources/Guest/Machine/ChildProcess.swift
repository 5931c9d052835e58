// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A child process whose output is read to its end within a time and a size.
enum ChildProcess {
    /// What a child left behind.
    struct Result {
        /// Its standard output and standard error as they came, as far as the limit allows.
        let output: [UInt8]
        /// Whether it was ended because its time was over.
        let timedOut: Bool
        /// What waitpid said; -1 when it could not tell.
        let status: Int32
    }

    /// Starts a program, reads what it prints until it ends, and ends it by its process id when its time is over.
    ///
    /// - Parameters:
    ///   - program: the program's path.
    ///   - arguments: its arguments, without its name.
    ///   - timeLimit: after this it is killed.
    ///   - outputLimit: bytes that are kept; more is read and thrown away.
    static func run(
        _ program: String, arguments: [String], timeLimit: Duration, outputLimit: Int
    ) throws(GuestError) -> Result {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw failure(program, errno) }
        defer { close(ends[0]) }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)

        var texts: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for text in texts { free(text) } }
        var child: pid_t = 0
        let problem = posix_spawn(&child, program, &actions, nil, &texts, environ)
        close(ends[1])
        guard problem == 0 else { throw failure(program, problem) }
        return collect(child, from: ends[0], timeLimit: timeLimit, outputLimit: outputLimit)
    }

    private static func collect(
        _ child: pid_t, from descriptor: Int32, timeLimit: Duration, outputLimit: Int
    ) -> Result {
        let clock = ContinuousClock()
        let deadline = clock.now + timeLimit
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var timedOut = false
        while true {
            let left = Int32(clamping: Int((deadline - clock.now) / .milliseconds(1)))
            if left <= 0 {
                timedOut = true
                kill(child, SIGKILL)
                break
            }
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, left) > 0 else { continue }
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            output += chunk[..<min(count, max(0, outputLimit - output.count))]
        }
        var status: Int32 = -1
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        return Result(output: output, timedOut: timedOut, status: status)
    }

    private static func failure(_ program: String, _ number: Int32) -> GuestError {
        GuestError(.start, "could not start \(program): \(String(cString: strerror(number)))")
    }
}
