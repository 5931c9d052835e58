// SPDX-License-Identifier: Apache-2.0

public import Linux

/// Something that kernels may or may not have, with a way to find out on the running one.
///
/// A kernel's version alone does not tell: distributions carry features back, leave options out, and forbid what is
/// there. So a probe tries the smallest correct use and takes it back.
///
/// ```swift
/// for result in Feature.all.map({ $0.probe() }) { print(result.name, result.outcome) }
/// ```
public struct Feature: Sendable {
    /// What it is about.
    public let group: FeatureGroup
    /// The kernel's name in lower case without its prefix, such as `ringbuf`, or a short name.
    public let name: String
    /// The first upstream kernel that has it.
    public let minimumVersion: KernelVersion
    /// The options that the kernel must be built with, one or the other of `|`.
    public let options: [String]
    private let test: @Sendable () -> ProbeOutcome

    init(
        _ group: FeatureGroup, _ name: String, since minimumVersion: KernelVersion, options: [String] = [],
        test: @escaping @Sendable () -> ProbeOutcome
    ) {
        self.group = group
        self.name = name
        self.minimumVersion = minimumVersion
        self.options = options
        self.test = test
    }

    /// Every feature that can be probed, apart from helpers.
    public static var all: [Feature] {
        programs + maps + attachments + hooks + links + commands + instructions + types + facilities + abilities
    }

    /// Finds out. Takes microseconds to milliseconds; nothing is left behind.
    public func probe() -> FeatureResult {
        // Before Linux 5.11 probes count against the limit of locked memory, as everything that is loaded does.
        _ = try? MemoryLock.raise()
        let outcome = test()
        return FeatureResult(
            group: group, name: name, minimumVersion: minimumVersion, outcome: outcome,
            explanation: explanation(of: outcome))
    }

    private func explanation(of outcome: ProbeOutcome) -> String? {
        switch outcome {
        case .available: return nil
        case .refused(let reason), .unknown(let reason): return reason
        case .unsupported: break
        }
        if KernelVersion.current < minimumVersion { return "it came with Linux \(minimumVersion)" }
        guard let configuration = Self.configuration else { return nil }
        let missing = options.filter { names in
            !names.split(separator: "|").contains { configuration[String($0)].map { $0 != "n" } ?? false }
        }
        if missing.isEmpty { return nil }
        let texts = missing.map { $0.split(separator: "|").joined(separator: " or ") }
        return "the kernel was built without \(texts.joined(separator: ", "))"
    }

    private static let configuration = try? KernelConfiguration.current()
}
