// SPDX-License-Identifier: Apache-2.0

/// An error that says what happened, where, why, and what to do next.
///
/// Every module throws one type that conforms. One value gives both forms: ``chain`` is a line for logs, ``report`` is
/// an indented tree for a person at a terminal.
public protocol DiagnosticError: Error, CustomStringConvertible {
    /// What happened, as one sentence without a final full stop.
    var message: String { get }
    /// Where it happened: labels such as `object`, `section`, `program`, `instruction`, each with its value.
    var context: [DiagnosticContext] { get }
    /// What the reader can do about it, as one sentence, where that is known.
    var hint: String? { get }
    /// Text that belongs to the error and spans several lines, such as a compiler's output or the verifier's log.
    var detail: String? { get }
    /// The error that caused this one.
    var cause: (any Error)? { get }
    /// What a program that ends because of this error tells its caller.
    var failure: FailureKind { get }
}

/// One labelled fact about where an error happened.
public struct DiagnosticContext: Sendable, Hashable {
    /// What the fact is about, such as `section`.
    public let label: String
    /// The fact, such as `.maps`.
    public let value: String

    /// Makes a labelled fact.
    public init(_ label: String, _ value: some CustomStringConvertible & Sendable) {
        self.label = label
        self.value = value.description
    }
}

/// The kinds of failure that a caller may want to treat differently; each has its exit code.
public enum FailureKind: Int32, Sendable, Hashable {
    /// Something failed.
    case failed = 1
    /// The command line or another input from the user is wrong.
    case usage = 2
    /// The user, the machine's policy or a missing capability does not permit it.
    case notPermitted = 3
    /// This kernel does not support it.
    case notSupported = 4

    /// The exit code: 1 failed, 2 bad usage, 3 not permitted, 4 not supported by this kernel.
    public var exitCode: Int32 { rawValue }
}

extension DiagnosticError {
    /// No further context.
    public var context: [DiagnosticContext] { [] }
    /// No hint.
    public var hint: String? { nil }
    /// No further text.
    public var detail: String? { nil }
    /// No cause.
    public var cause: (any Error)? { nil }
    /// ``FailureKind/failed``.
    public var failure: FailureKind { .failed }

    /// The error and its causes on one line: `message (section .maps, offset 12): cause`.
    public var chain: String {
        var text = message
        if !context.isEmpty {
            text += " (" + context.map { "\($0.label) \($0.value)" }.joined(separator: ", ") + ")"
        }
        if let cause {
            text += ": " + ((cause as? any DiagnosticError)?.chain ?? "\(cause)")
        }
        return text
    }

    /// The error for a person: one sentence, then where it happened, what belongs to it, and what to do.
    ///
    /// Short causes end the sentence behind a colon; longer ones have lines of their own.
    public var report: String {
        let chain = errors
        var sentence = message
        var remaining = chain.dropFirst()
        while let next = remaining.first, sentence.count + next.message.count <= 100 {
            sentence += ": " + next.message
            remaining = remaining.dropFirst()
        }
        var lines = [sentence] + remaining.map { "  because " + $0.message }
        if let last = chain.last?.cause { lines.append("  because \(last)") }
        var facts: [DiagnosticContext] = []
        for fact in chain.flatMap(\.context) where !facts.contains(fact) { facts.append(fact) }
        if !facts.isEmpty { lines.append("  at " + facts.map { "\($0.label) \($0.value)" }.joined(separator: ", ")) }
        for detail in chain.compactMap(\.detail) {
            var text = detail.split(separator: "\n", omittingEmptySubsequences: false)
            while text.last?.isEmpty ?? false { text.removeLast() }
            lines += text.map { "  " + $0 }
        }
        var hints: [String] = []
        for hint in chain.compactMap(\.hint) where !hints.contains(hint) { hints.append(hint) }
        return (lines + hints.map { "  hint: " + $0 }).joined(separator: "\n")
    }

    /// This error and those that caused it, as far as they help; a cycle cannot be made of values, but a long chain can.
    private var errors: [any DiagnosticError] {
        var chain: [any DiagnosticError] = [self]
        while chain.count < 16, let next = chain.last?.cause as? any DiagnosticError { chain.append(next) }
        return chain
    }

    /// The same as ``chain``.
    public var description: String { chain }
}
