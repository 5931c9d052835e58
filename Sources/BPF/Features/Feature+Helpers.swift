// SPDX-License-Identifier: Apache-2.0

public import BPFInstruction
public import BPFObject
import Linux

extension Feature {
    /// Whether programs of a kind may call a helper.
    ///
    /// - Parameters:
    ///   - helper: the helper.
    ///   - kind: the kind of program. `struct_ops` and `ext` programs cannot be probed without a target and answer
    ///     `unknown`.
    public static func helper(_ helper: Helper, in kind: ProgramKind) -> FeatureResult {
        let minimum = KernelVersion(helper.since.major, helper.since.minor)
        let outcome = probe(helper, kind)
        var explanation: String?
        switch outcome {
        case .available: break
        case .refused(let reason), .unknown(let reason): explanation = reason
        case .unsupported:
            explanation =
                KernelVersion.current < minimum
                ? "it came with Linux \(minimum)" : "\(kind) programs may not call it"
        }
        return FeatureResult(
            group: .facility, name: helper.name, minimumVersion: minimum, outcome: outcome, explanation: explanation)
    }

    private static func probe(_ helper: Helper, _ kind: ProgramKind) -> ProbeOutcome {
        if kind.rawValue == 27 || kind.rawValue == 28 { return .unknown("\(kind) programs need a target") }
        switch kind.rawValue {
        case 26:
            let targets = ["btf_trace_sched_process_exec", "btf_trace_sys_enter"]
            return HelperProbe(kind: 26, attachType: 23, targets: targets, targetKind: .typedef).outcome(of: helper.id)
        case 29:
            return HelperProbe(kind: 29, attachType: 27, targets: ["bpf_lsm_file_open"]).outcome(of: helper.id)
        default:
            let attachType = ProbeProgram.attachType(of: kind.rawValue)
            return HelperProbe(kind: kind.rawValue, attachType: attachType, isSleepable: kind.rawValue == 31)
                .outcome(of: helper.id)
        }
    }
}
