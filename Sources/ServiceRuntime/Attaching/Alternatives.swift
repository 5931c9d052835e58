// SPDX-License-Identifier: Apache-2.0

import BPFObject

/// Programs of an object that do the same work on different hooks, so that only one of each may be attached.
///
/// Tools carry, for instance, a `tp_btf/sched_switch` and a `raw_tp/sched_switch` program, or an `fentry` and a `kprobe`
/// of one function, for kernels that lack the better hook. Attaching both would count everything twice.
struct Alternatives {
    /// The programs of each group, the preferred ones first.
    private let groups: [[ProgramSpec]]

    init(_ programs: [ProgramSpec]) {
        var byEvent: [String: [ProgramSpec]] = [:]
        for program in programs where program.isLoadedByDefault {
            if let event = Self.event(of: program) { byEvent[event, default: []].append(program) }
        }
        groups = byEvent.values.compactMap { group in
            // Several programs of one hook on one event are meant to run side by side.
            guard Set(group.map { $0.hook?.name ?? "" }).count > 1 else { return nil }
            return group.sorted { Self.rank($0) < Self.rank($1) }
        }
    }

    /// The programs to leave out at first: all but the best of each group.
    func leftOut() -> Set<String> {
        var names: Set<String> = []
        for group in groups {
            let best = group.first?.hook?.name
            for program in group where program.hook?.name != best { names.insert(program.name) }
        }
        return names
    }

    /// The programs to try when one was refused: those of the next hook of its group.
    func replacements(for refused: String) -> (out: Set<String>, in: Set<String>)? {
        for group in groups {
            guard let program = group.first(where: { $0.name == refused }) else { continue }
            let hooks = group.map { $0.hook?.name ?? "" }.reduce(into: [String]()) {
                if !$0.contains($1) { $0.append($1) }
            }
            guard let index = hooks.firstIndex(of: program.hook?.name ?? ""), index + 1 < hooks.count else {
                return nil
            }
            return (
                Set(group.filter { $0.hook?.name == hooks[index] }.map(\.name)),
                Set(group.filter { $0.hook?.name == hooks[index + 1] }.map(\.name))
            )
        }
        return nil
    }

    /// What happens, regardless of the hook that tells it.
    private static func event(of program: ProgramSpec) -> String? {
        guard let hook = program.hook, let target = program.target else { return nil }
        switch hook.name {
        case "tp_btf", "raw_tp", "raw_tracepoint": return "tracepoint \(target)"
        case "fentry", "kprobe": return "entry \(target)"
        case "fexit", "kretprobe": return "return \(target)"
        default: return nil
        }
    }

    private static func rank(_ program: ProgramSpec) -> Int {
        switch program.hook?.name {
        case "tp_btf", "fentry", "fexit": 0
        default: 1
        }
    }
}
