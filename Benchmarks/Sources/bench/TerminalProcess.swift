// SPDX-License-Identifier: Apache-2.0

import CSupport
import Glibc
import Linux

/// A program on a terminal of its own, so that it prints line by line as it does for a person.
final class TerminalProcess {
    let number: pid_t
    private let terminal: Int32

    /// What went wrong with a measured program.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init(_ program: String, _ arguments: [String]) throws {
        var name = [CChar](repeating: 0, count: 128)
        terminal = open_terminal(&name, name.count)
        guard terminal >= 0 else { throw Failure(description: "no pseudo-terminal") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in 0...2 { posix_spawn_file_actions_addopen(&actions, descriptor, name, O_RDWR, 0) }
        var texts: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for text in texts { free(text) } }
        var child: pid_t = 0
        guard posix_spawn(&child, program, &actions, nil, &texts, environ) == 0 else {
            throw Failure(description: "cannot start \(program)")
        }
        number = child
    }

    /// Reads until a text appears, calling `trigger` again and again meanwhile.
    ///
    /// - Returns: the monotonic time in nanoseconds when it was there.
    func wait(for text: String, seconds: UInt64, trigger: () -> Void) throws -> UInt64 {
        let wanted = Array(text.utf8)
        let deadline = Clock.monotonic() + seconds * 1_000_000_000
        var seen: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while Clock.monotonic() < deadline {
            trigger()
            guard wait_readable(terminal, 100_000) != 0 else { continue }
            let count = read(terminal, &chunk, chunk.count)
            if count <= 0 { break }
            let now = Clock.monotonic()
            seen = seen.suffix(wanted.count) + chunk[..<count]
            if seen.firstRange(of: wanted) != nil { return now }
        }
        throw Failure(description: "the program did not print \(text): \(String(decoding: seen, as: UTF8.self))")
    }

    /// The most memory that the process has had resident so far, in bytes (`VmHWM`).
    ///
    /// Not what wait4 says: that begins with the memory of the process that started it.
    func peakMemory() throws -> Double {
        let status = try Files.readText("/proc/\(number)/status")
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kibibytes = line?.split(separator: " ").compactMap { Double($0) }.first ?? .nan
        return kibibytes * 1024
    }

    /// Asks the program to end as Ctrl-C does, then insists.
    func end() {
        kill(number, SIGINT)
        let deadline = Clock.monotonic() + 5_000_000_000
        var chunk = [UInt8](repeating: 0, count: 4096)
        var status: Int32 = 0
        while waitpid(number, &status, WNOHANG) == 0 {
            if Clock.monotonic() > deadline { kill(number, SIGKILL) }
            // What it still prints must go somewhere, or it waits for us.
            if wait_readable(terminal, 5_000_000) != 0 { _ = read(terminal, &chunk, chunk.count) }
        }
        close(terminal)
    }
}
