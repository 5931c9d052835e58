// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A probe that was defined through tracefs (`kprobe_events`, `uprobe_events`), for kernels whose event sources cannot
/// make one. It goes when the value goes.
///
/// Definitions outlive the process that made them, so their names tell who that was: those of processes that are gone are
/// swept whenever a new one is made. One that is in use is kept by the kernel (`EBUSY`).
///
/// - Note: `kernel/trace/trace_kprobe.c`, `kernel/trace/trace_uprobe.c`.
public struct TraceProbe: ~Copyable, Sendable {
    /// The probe's number, as perf_event_open(2) wants it for tracepoints.
    public let id: UInt64
    /// The event's name below the group `skep`.
    public let name: String
    private let kind: Kind

    /// The two files that define probes.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Kernel functions.
        case kernel = "kprobe_events"
        /// Places of executables.
        case user = "uprobe_events"
    }

    /// The group of all events that are made here.
    public static let group = "skep"

    private static let counter = Atomic<UInt32>(0)

    /// Defines a probe.
    ///
    /// - Parameters:
    ///   - kind: what it is on.
    ///   - place: `FUNCTION+OFFSET`, `MODULE:FUNCTION`, or `PATH:0xOFFSET`, with `(0xCOUNTER)` behind for a counter.
    ///   - isReturn: whether the return is meant.
    /// - Throws: `ENOENT` when the kernel has no such file or function, `EINVAL` for a place that cannot be probed.
    public init(_ kind: Kind, _ place: String, isReturn: Bool) throws(LinuxError) {
        let files = try TraceFileSystem()
        Self.sweep(kind, files)
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        let name = "p\(ProcessOwner.current.text(separator: "_"))_\(number)"
        try files.append("\(isReturn ? "r" : "p"):\(Self.group)/\(name) \(place)\n", to: kind.rawValue)
        let id: UInt64
        do throws(LinuxError) {
            id = try files.tracepointID(category: Self.group, name: name)
        } catch {
            try? files.append("-:\(Self.group)/\(name)\n", to: kind.rawValue)
            throw error
        }
        self.name = name
        self.kind = kind
        self.id = id
    }

    deinit {
        guard let files = try? TraceFileSystem() else { return }
        try? files.append("-:\(Self.group)/\(name)\n", to: kind.rawValue)
    }

    /// Takes away the probes of processes that are gone.
    ///
    /// - Returns: how many were taken away.
    @discardableResult
    public static func sweep() -> Int {
        guard let files = try? TraceFileSystem() else { return 0 }
        return Kind.allCases.reduce(0) { $0 + sweep($1, files) }
    }

    @discardableResult
    private static func sweep(_ kind: Kind, _ files: borrowing TraceFileSystem) -> Int {
        guard let text = try? files.read(kind.rawValue) else { return 0 }
        var count = 0
        for name in staleNames(in: text, isGone: \.isGone) {
            if (try? files.append("-:\(group)/\(name)\n", to: kind.rawValue)) != nil { count += 1 }
        }
        return count
    }

    /// The events of this library in a list such as `p:skep/p4026531836_123_4567_1 do_sys_openat2`, whose makers are gone.
    static func staleNames(in text: String, isGone: (ProcessOwner) -> Bool) -> [String] {
        text.split(separator: "\n").compactMap { line in
            guard let word = line.split(separator: " ").first, let colon = word.firstIndex(of: ":") else { return nil }
            let parts = word[word.index(after: colon)...].split(separator: "/")
            guard parts.count == 2, parts[0] == group, parts[1].first == "p",
                let end = parts[1].lastIndex(of: "_"),
                let owner = ProcessOwner(parts[1][..<end].dropFirst(), separator: "_"), isGone(owner)
            else { return nil }
            return String(parts[1])
        }
    }
}

extension TraceFileSystem {
    /// Adds a line to a file of tracefs, such as `kprobe_events`.
    borrowing func append(_ text: String, to file: String) throws(LinuxError) {
        let descriptor = try openForWriting(file)
        do throws(LinuxError) {
            try descriptor.write(Array(text.utf8))
        } catch {
            throw LinuxError(error.errno, call: "write", path: file)
        }
    }
}
