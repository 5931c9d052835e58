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
        let call = Instruction(opcode: 0x85, destination: 0, source: 0, offset: 0, immediate: helper.id)
        let answer = ProbeProgram.load(minimal: kind.rawValue, [call] + ProbeProgram.minimal)
        guard let error = answer.error else { return .available }
        // The program is wrong on purpose: its arguments are missing. What matters is what the verifier minds.
        if answer.log.isEmpty { return .judge(error) }
        let refusals = ["invalid func ", "unknown func ", "cannot use helper ", "helper call is not allowed"]
        if refusals.contains(where: answer.log.contains) { return .unsupported }
        return .available
    }
}
