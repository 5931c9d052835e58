// SPDX-License-Identifier: Apache-2.0

public import BPFObject
import Linux

extension Feature {
    /// Whether programs of a kind can be loaded.
    public static func program(_ kind: ProgramKind) -> Feature? {
        programs.first { $0.name == kind.description }
    }

    /// All kinds of program, in the order of their numbers (`enum bpf_prog_type`).
    public static let programs: [Feature] = [
        program(1, "3.19"), program(2, "4.1", ["CONFIG_BPF_EVENTS"]), program(3, "4.1", ["CONFIG_NET"]),
        program(4, "4.1", ["CONFIG_NET"]), program(5, "4.7", ["CONFIG_BPF_EVENTS"]), program(6, "4.8", ["CONFIG_NET"]),
        program(7, "4.9", ["CONFIG_BPF_EVENTS"]), program(8, "4.10", ["CONFIG_CGROUP_BPF"]),
        program(9, "4.10", ["CONFIG_CGROUP_BPF"]), program(10, "4.10", ["CONFIG_NET"]),
        program(11, "4.10", ["CONFIG_NET"]), program(12, "4.10", ["CONFIG_NET"]),
        program(13, "4.13", ["CONFIG_NET"]), program(14, "4.14", ["CONFIG_NET"]),
        program(15, "4.15", ["CONFIG_CGROUP_BPF"]), program(16, "4.17", ["CONFIG_NET"]),
        program(17, "4.17", ["CONFIG_BPF_EVENTS"]), program(18, "4.17", ["CONFIG_CGROUP_BPF"]),
        program(19, "4.18", ["CONFIG_NET"]), program(20, "4.18", ["CONFIG_BPF_LIRC_MODE2"]),
        program(21, "4.19", ["CONFIG_INET"]), program(22, "4.20", ["CONFIG_NET"]),
        program(23, "5.2", ["CONFIG_CGROUP_BPF"]), program(24, "5.2", ["CONFIG_BPF_EVENTS"]),
        program(25, "5.3", ["CONFIG_CGROUP_BPF"]), program(26, "5.5", ["CONFIG_DEBUG_INFO_BTF"]),
        structOps, replacement, program(29, "5.7", ["CONFIG_BPF_LSM", "CONFIG_DEBUG_INFO_BTF"]),
        program(30, "5.9", ["CONFIG_NET"]), program(31, "5.14"),
        program(32, "6.4", ["CONFIG_NETFILTER_BPF_LINK"]),
    ]

    private static func program(_ kind: UInt32, _ version: KernelVersion, _ options: [String] = []) -> Feature {
        Feature(.program, ProgramKind(rawValue: kind).description, since: version, options: options) {
            ProbeProgram.load(minimal: kind).outcome
        }
    }

    // The kernel knows the kind when it complains about the missing target in its own words.
    private static let structOps = Feature(
        .program, "struct_ops", since: "5.6", options: ["CONFIG_BPF_JIT", "CONFIG_DEBUG_INFO_BTF"]
    ) {
        let answer = ProbeProgram.load(kind: 27, target: 1)
        return answer.error?.errno == .kernelNotSupported && !answer.log.isEmpty ? .available : answer.outcome
    }

    private static let replacement = Feature(
        .program, "ext", since: "5.6", options: ["CONFIG_BPF_JIT", "CONFIG_DEBUG_INFO_BTF"]
    ) {
        let answer = ProbeProgram.load(kind: 28, target: 1)
        return answer.log.contains("Cannot replace kernel functions") ? .available : answer.outcome
    }
}
