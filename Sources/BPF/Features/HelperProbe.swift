// SPDX-License-Identifier: Apache-2.0

public import BPFInstruction
import BTF
import Linux

/// Finds out whether programs of one kind, for one target, may call a helper.
struct HelperProbe {
    var kind: UInt32
    var attachType: UInt32 = 0
    var targets: [String] = []
    var targetKind: BTFKind = .function
    var isSleepable = false

    /// The kinds of program that together may call every helper, the commonest first.
    static let everywhere: [HelperProbe] =
        [1, 3, 2, 6, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23].map { HelperProbe(kind: $0) } + [
            HelperProbe(kind: 18, attachType: 10), HelperProbe(kind: 18, attachType: 8),
            HelperProbe(kind: 25, attachType: 21), HelperProbe(kind: 25, attachType: 22),
            HelperProbe(kind: 26, attachType: 28, targets: ["bpf_iter_task"]),
            HelperProbe(
                kind: 26, attachType: 23, targets: ["btf_trace_sched_process_exec", "btf_trace_sys_enter"],
                targetKind: .typedef),
            HelperProbe(kind: 26, attachType: 25, targets: ["security_file_open", "vfs_read"]),
            HelperProbe(kind: 29, attachType: 27, targets: ["bpf_lsm_file_open"]),
            HelperProbe(kind: 29, attachType: 27, targets: ["bpf_lsm_bprm_committed_creds"], isSleepable: true),
            HelperProbe(kind: 29, attachType: 27, targets: ["bpf_lsm_bprm_creds_for_exec"]),
            HelperProbe(kind: 30, attachType: 36), HelperProbe(kind: 31, isSleepable: true),
            HelperProbe(kind: 32, attachType: 45),
        ]

    /// Whether this kind of program may call a helper.
    func outcome(of helper: Int32) -> ProbeOutcome {
        var target: UInt32 = 0
        if !targets.isEmpty {
            guard let found = ProbeProgram.target(targets, targetKind) else { return .unsupported }
            target = found
        }
        let call = Instruction(opcode: 0x85, destination: 0, source: 0, offset: 0, immediate: helper)
        let answer = ProbeProgram.load(
            kind: kind, attachType: attachType, target: target, flags: isSleepable ? 1 << 4 : 0,
            [call] + ProbeProgram.minimal)
        guard let error = answer.error else { return .available }
        // The program is wrong on purpose: its arguments are missing. What matters is what the verifier minds.
        if answer.log.isEmpty { return .judge(error) }
        let refusals = ["invalid func ", "unknown func ", "cannot use helper ", "helper call is not allowed"]
        return refusals.contains(where: answer.log.contains) ? .unsupported : .available
    }
}

extension Feature {
    /// Whether programs of any kind may call a helper.
    ///
    /// - Complexity: O(kinds): a few milliseconds for a helper that the kernel does not have.
    public static func helper(_ helper: Helper) -> FeatureResult {
        let minimum = KernelVersion(helper.since.major, helper.since.minor)
        var refusal: ProbeOutcome?
        for probe in HelperProbe.everywhere {
            let outcome = probe.outcome(of: helper.id)
            if outcome == .available {
                return FeatureResult(
                    group: .facility, name: helper.name, minimumVersion: minimum, outcome: .available,
                    explanation: nil)
            }
            if case .refused = outcome { refusal = outcome }
        }
        // Some kinds of program could not be tried, and one of them may have it.
        let outcome = refusal ?? .unsupported
        var explanation: String? = KernelVersion.current < minimum ? "it came with Linux \(minimum)" : nil
        if case .refused(let reason) = outcome { explanation = reason }
        return FeatureResult(
            group: .facility, name: helper.name, minimumVersion: minimum, outcome: outcome, explanation: explanation)
    }
}
