// SPDX-License-Identifier: Apache-2.0

/// The outcome of one check as a line of text, which is all that passes from a guest to its host.
///
/// ```
/// skep-check passed 12 ms: a hash map gives back what was put in
/// skep-check failed 3 ms: the kernel has BTF: open(/sys/kernel/btf/vmlinux): No such file or directory
/// ```
public struct CheckReport: Sendable, Hashable {
    /// The check's ``KernelCheck/name``.
    public let name: String
    /// How it ended.
    public let outcome: CheckOutcome
    /// How long it took.
    public let milliseconds: Int

    /// Makes a report.
    public init(name: String, outcome: CheckOutcome, milliseconds: Int) {
        self.name = name
        self.outcome = outcome
        self.milliseconds = milliseconds
    }

    private static let marker = "skep-check "
    /// Between a name and the reason after it; names do not hold it.
    private static let separator = " :: "

    /// The report as one line without its end.
    public var line: String {
        let word: String
        var reason: String?
        switch outcome {
        case .passed: word = "passed"
        case .failed(let text): (word, reason) = ("failed", text)
        case .skipped(let text): (word, reason) = ("skipped", text)
        case .absent(let text): (word, reason) = ("absent", text)
        }
        let head = "\(Self.marker)\(word) \(milliseconds) ms: \(Self.oneLine(name))"
        return reason.map { head + Self.separator + Self.oneLine($0) } ?? head
    }

    /// Reads a line of a guest's console; nil when it is not a report. What comes before the marker is another's text.
    public init?(line: some StringProtocol) {
        guard let start = line.firstRange(of: Self.marker) else { return nil }
        let words = line[start.upperBound...].split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, let milliseconds = Int(words[1]), words[2] == "ms:" else { return nil }
        let text = words[3]
        let split = text.firstRange(of: Self.separator)
        let reason = split.map { String(text[$0.upperBound...]) } ?? ""
        switch words[0] {
        case "passed": outcome = .passed
        case "failed": outcome = .failed(reason)
        case "skipped": outcome = .skipped(reason)
        case "absent": outcome = .absent(reason)
        default: return nil
        }
        name = String(split.map { text[..<$0.lowerBound] } ?? text)
        self.milliseconds = milliseconds
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}
