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
        name = OwnedName.of(program.name)
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
            where listed.kind == "bpf" && OwnedName.isAbandoned(listed.name) {
                if (try? TrafficControl.detach(listed.filter)) != nil { swept += 1 }
            }
        }
        if swept > 0, (try? TrafficControl.isEmpty(interface)) ?? false {
            made.withLock { _ = $0.insert(discipline) }
        }
    }
}
