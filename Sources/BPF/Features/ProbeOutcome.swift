// SPDX-License-Identifier: Apache-2.0

public import Linux

/// What a probe of the running kernel found.
public enum ProbeOutcome: Sendable, Hashable {
    /// It works here.
    case available
    /// The kernel does not have it.
    case unsupported
    /// The kernel may have it, but the machine or the process's rights refuse it; the text says why.
    case refused(String)
    /// The probe could not find out; the text says why.
    case unknown(String)

    /// The outcome of loading or making something small and correct.
    ///
    /// - Parameters:
    ///   - error: what the kernel answered, or `nil` when it worked.
    ///   - log: what the verifier wrote. A kernel that refuses before it looks at a program leaves it empty.
    static func judge(_ error: LinuxError?, log: String = "") -> ProbeOutcome {
        guard let error else { return .available }
        // A verifier that did not begin leaves its statistics only.
        let log = hasMessages(log) ? log : ""
        switch error.errno {
        case .notPermitted, .permissionDenied:
            return log.isEmpty ? .refused("\(error.errno.name): \(Refusal.explain())") : .unknown(lastLine(log))
        case .invalidArgument, .tooBig, .notSupported, .kernelNotSupported, .noSuchSystemCall:
            return log.isEmpty ? .unsupported : .unknown(lastLine(log))
        default:
            return .unknown(error.message)
        }
    }

    private static func hasMessages(_ log: String) -> Bool {
        log.split(separator: "\n").contains { !$0.hasPrefix("processed ") && !$0.hasPrefix("verification") }
    }

    static func lastLine(_ log: String) -> String {
        let lines = log.split(separator: "\n").filter { !$0.hasPrefix("processed ") && !$0.hasPrefix("verification") }
        return "the verifier says: \(lines.last.map { String($0) } ?? "")"
    }
}

/// What a kind of feature is about.
public enum FeatureGroup: String, Sendable, Hashable, CaseIterable {
    /// A kind of program can be loaded.
    case program
    /// A kind of map can be made.
    case map
    /// An attach type is known.
    case attachment
    /// A hook accepts programs.
    case hook
    /// A kind of link can be made.
    case link
    /// A command of bpf(2) is known.
    case command
    /// An instruction is accepted.
    case instruction
    /// A kind of type (BTF) is accepted.
    case types
    /// Something else of the kernel.
    case facility
}

/// What is known about a feature of the running kernel.
public struct FeatureResult: Sendable, Hashable {
    /// What the feature is about.
    public let group: FeatureGroup
    /// The kernel's name in lower case without its prefix, such as `ringbuf`, or a short name.
    public let name: String
    /// The first upstream kernel that has it.
    public let minimumVersion: KernelVersion
    /// What the probe found.
    public let outcome: ProbeOutcome
    /// Why it is not available, where that is known: the kernel is older, was built without an option, or refuses.
    public let explanation: String?
}
