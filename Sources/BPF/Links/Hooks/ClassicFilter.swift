// SPDX-License-Identifier: Apache-2.0

import Linux
import Synchronization

/// A program as a filter of the `clsact` discipline, and the discipline too where this process made it.
///
/// A process that dies leaves its filters behind, since no link keeps them. Their names say who made them, so the next
/// one that attaches to the interface takes away those whose makers are gone.
final class ClassicFilter: ManualAttachment {
    private let program: AttachedProgram
    private let target: InterfaceTargets.Target
    private let filter: TrafficControl.Filter
    private let name: String
    private let isAction: Bool
    private let discipline: Discipline

    /// An interface of a namespace.
    private struct Discipline: Hashable, Sendable {
        let namespace: UInt64
        let interface: UInt32
    }

    /// The disciplines that this process made, which go with their last filter.
    private static let made = Mutex<Set<Discipline>>([])

    init(
        _ program: Program, _ target: InterfaceTargets.Target, _ place: TrafficControl.Filter, isAction: Bool
    ) throws(LinuxError) {
        let discipline = Discipline(
            namespace: try Files.identity("/proc/thread-self/ns/net").inode, interface: target.index)
        if try TrafficControl.addDiscipline(to: target.index) {
            Self.made.withLock { _ = $0.insert(discipline) }
        } else {
            Self.sweep(target.index, discipline)
        }
        name = FilterOwner.current.name(for: program.name)
        do throws(LinuxError) {
            filter =
                isAction
                ? try TrafficControl.attachAction(program: program.rawDescriptor, at: place, name: name)
                : try TrafficControl.attach(program: program.rawDescriptor, at: place, name: name)
        } catch {
            Self.removeIfEmpty(discipline)
            throw error
        }
        self.program = AttachedProgram(program)
        self.target = target
        self.isAction = isAction
        self.discipline = discipline
    }

    func end() {
        try? target.namespace.run { [filter, discipline] () throws(LinuxError) in
            try TrafficControl.detach(filter)
            Self.removeIfEmpty(discipline)
        }
    }

    func update(to new: Program, replacing expected: Program?) throws(LinuxError) {
        // An action cannot change its program in place.
        guard !isAction else { throw LinuxError(.notSupported, call: "update") }
        try program.replace(with: new, expecting: expected) { _ throws(LinuxError) in
            let descriptor = new.rawDescriptor
            _ = try target.namespace.run { [filter, name] () throws(LinuxError) in
                try TrafficControl.attach(program: descriptor, at: filter, name: name, replaces: true)
            }
        }
    }

    private static func removeIfEmpty(_ discipline: Discipline) {
        guard made.withLock({ $0.contains(discipline) }), (try? TrafficControl.isEmpty(discipline.interface)) ?? false
        else { return }
        try? TrafficControl.removeDiscipline(from: discipline.interface)
        made.withLock { _ = $0.remove(discipline) }
    }

    /// Takes away what processes that died have left behind; when nothing else is there, the discipline was theirs too.
    private static func sweep(_ interface: UInt32, _ discipline: Discipline) {
        var swept = 0
        for direction in [TrafficControl.Direction.ingress, .egress] {
            for listed in (try? TrafficControl.filters(of: interface, direction)) ?? []
            where listed.kind == "bpf" && FilterOwner(filterName: listed.name)?.isGone ?? false {
                if (try? TrafficControl.detach(listed.filter)) != nil { swept += 1 }
            }
        }
        if swept > 0, (try? TrafficControl.isEmpty(interface)) ?? false {
            made.withLock { _ = $0.insert(discipline) }
        }
    }
}

/// Who made a filter, as its name tells: `skep:PIDNAMESPACE:PROCESS:START:PROGRAM`.
struct FilterOwner: Hashable, Sendable {
    private let namespace: UInt64
    private let process: Int32
    /// When the process started, in the kernel's ticks since boot: numbers of processes come again.
    private let start: UInt64

    static let current = FilterOwner(
        namespace: (try? Files.identity("/proc/self/ns/pid").inode) ?? 0, process: Processes.current,
        start: startTime(of: Processes.current) ?? 0)

    private init(namespace: UInt64, process: Int32, start: UInt64) {
        self.namespace = namespace
        self.process = process
        self.start = start
    }

    /// Reads a filter's name; `nil` when it does not tell.
    init?(filterName: String) {
        let parts = filterName.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "skep", let namespace = UInt64(parts[1]), let process = Int32(parts[2]),
            let start = UInt64(parts[3])
        else { return nil }
        self.init(namespace: namespace, process: process, start: start)
    }

    /// The name for a filter of this process; at most 255 bytes.
    func name(for program: String) -> String {
        "skep:\(namespace):\(process):\(start):\(program.prefix(128))"
    }

    /// Whether the process has surely ended. One of another process namespace may live: nobody here can tell.
    var isGone: Bool {
        guard namespace != 0, namespace == Self.current.namespace else { return false }
        return Self.startTime(of: process) != start
    }

    /// The 22nd field of /proc/PID/stat; the second one is in parentheses and may hold blanks.
    private static func startTime(of process: Int32) -> UInt64? {
        guard let text = try? Files.readText("/proc/\(process)/stat", limit: 1 << 16),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }
}
