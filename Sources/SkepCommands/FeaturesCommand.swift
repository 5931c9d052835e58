// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import BPFInstruction
import BPFObject
import Linux

/// `skep features`: what this kernel can do, found out by trying.
struct FeaturesCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "features",
            abstract: "Show what this kernel can do: programs, maps, hooks, helpers, configuration.",
            discussion: "Everything is tried; nothing is attached and nothing stays.")
    }

    @Flag(help: "One JSON object.")
    var json = false

    @Flag(help: "List the helpers that each kind of program may call, and not only their number.")
    var helpers = false

    @Flag(help: "Show only what is missing.")
    var missing = false

    /// What decides whether programs can be loaded and attached.
    private static let configurationNames = [
        "CONFIG_BPF", "CONFIG_BPF_SYSCALL", "CONFIG_BPF_JIT", "CONFIG_BPF_JIT_ALWAYS_ON", "CONFIG_BPF_EVENTS",
        "CONFIG_BPF_LSM", "CONFIG_BPF_KPROBE_OVERRIDE", "CONFIG_BPF_STREAM_PARSER", "CONFIG_CGROUP_BPF",
        "CONFIG_DEBUG_INFO_BTF", "CONFIG_DEBUG_INFO_BTF_MODULES", "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS",
        "CONFIG_FPROBE", "CONFIG_FTRACE_SYSCALLS", "CONFIG_FUNCTION_ERROR_INJECTION", "CONFIG_KPROBES",
        "CONFIG_KPROBE_EVENTS", "CONFIG_NET_ACT_BPF", "CONFIG_NET_CLS_ACT", "CONFIG_NET_CLS_BPF",
        "CONFIG_NET_SCH_INGRESS", "CONFIG_NETKIT", "CONFIG_SCHED_CLASS_EXT", "CONFIG_UPROBES",
        "CONFIG_UPROBE_EVENTS", "CONFIG_XDP_SOCKETS",
    ]

    func run() throws {
        let results = Feature.all.map { $0.probe() }
        let helpers = helperNames()
        let configuration = (try? KernelConfiguration.current())?.options ?? [:]
        if json {
            StandardOutput.write(object(results, helpers, configuration).encoded + "\n")
        } else {
            StandardOutput.write(table(results, helpers, configuration))
        }
    }

    /// The helpers that each kind of program may call, in the order of their numbers.
    private func helperNames() -> [(kind: ProgramKind, names: [String])] {
        // The kinds that this version attaches, which is also one for each set that the kernel distinguishes.
        let kinds: [ProgramKind] = [
            .socketFilter, .kprobe, .trafficControl, .tracepoint, .xdp, .perfEvent, .cgroupSocketBuffer, .rawTracepoint,
        ]
        return kinds.map { kind in
            (kind, HelperTable.all.filter { Feature.helper($0, in: kind).outcome == .available }.map(\.name))
        }
    }

    private func word(_ outcome: ProbeOutcome) -> String {
        switch outcome {
        case .available: "yes"
        case .unsupported: "no"
        case .refused: "refused"
        case .unknown: "unknown"
        }
    }

    private func table(
        _ results: [FeatureResult], _ helpers: [(kind: ProgramKind, names: [String])], _ configuration: [String: String]
    ) -> String {
        var text = "Linux \(KernelVersion.release), \(KernelVersion.architecture)\n"
        let notes = repeatedExplanations(results)
        for group in FeatureGroup.allCases {
            let rows = results.filter { $0.group == group && (!missing || $0.outcome != .available) }
            guard !rows.isEmpty else { continue }
            text += "\n\(group.rawValue)\n"
            let width = rows.map(\.name.count).max() ?? 0
            for row in rows {
                let padding = String(repeating: " ", count: width - row.name.count + 2)
                let outcome = word(row.outcome)
                text += "  \(row.name)\(padding)\(outcome)"
                if let explanation = row.explanation {
                    let note = notes.firstIndex(of: explanation).map { "[\($0 + 1)]" }
                    text += String(repeating: " ", count: max(9 - outcome.count, 1)) + (note ?? explanation)
                }
                text += "\n"
            }
        }
        for (index, note) in notes.enumerated() { text += "\n[\(index + 1)] \(note)\n" }
        if !missing {
            text += "\nhelpers\n"
            for (kind, names) in helpers {
                text += "  \(kind): \(names.count) of \(HelperTable.all.count)\n"
                if self.helpers { text += names.map { "    \($0)\n" }.joined() }
            }
        }
        if !missing {
            let structures = (try? KernelOffers.structures()) ?? []
            text += "\noffers\n  kernel functions: \((try? KernelOffers.functions().count) ?? 0)\n"
            text += "  struct_ops: \(structures.isEmpty ? "none" : structures.joined(separator: ", "))\n"
            text += SystemSettings().text
        }
        if !configuration.isEmpty {
            text += "\nconfiguration\n"
            for name in Self.configurationNames where !missing || configuration[name] == nil {
                text += "  \(name)=\(configuration[name] ?? "n")\n"
            }
        }
        return text
    }

    /// Explanations that belong to many features, which are shown once below all of them.
    private func repeatedExplanations(_ results: [FeatureResult]) -> [String] {
        var counts: [String: Int] = [:]
        for explanation in results.compactMap(\.explanation) { counts[explanation, default: 0] += 1 }
        return counts.filter { $0.value > 2 }.map(\.key).sorted()
    }

    private func object(
        _ results: [FeatureResult], _ helpers: [(kind: ProgramKind, names: [String])], _ configuration: [String: String]
    ) -> JSONText {
        let features = results.filter { !missing || $0.outcome != .available }.map { result in
            JSONText.object([
                ("group", .text(result.group.rawValue)), ("name", .text(result.name)),
                ("outcome", .text(word(result.outcome))), ("since", .text(result.minimumVersion.description)),
                ("explanation", result.explanation.map { .text($0) } ?? .null),
            ])
        }
        return .object([
            ("kernel", .text(KernelVersion.release)), ("architecture", .text(KernelVersion.architecture)),
            ("features", .list(features)),
            ("helpers", .object(helpers.map { ($0.kind.description, .list($0.names.map { .text($0) })) })),
            (
                "configuration",
                .object(Self.configurationNames.map { ($0, .text(configuration[$0] ?? "n")) })
            ),
            ("kernel_functions", .number(Int64((try? KernelOffers.functions().count) ?? 0))),
            ("struct_ops", .list(((try? KernelOffers.structures()) ?? []).map { .text($0) })),
            ("system", SystemSettings().json),
        ])
    }
}
