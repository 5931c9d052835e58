// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Symbols that cannot be read.
public struct SymbolError: DiagnosticError {
    /// The kinds of things that go wrong with symbols.
    public enum Code: Sendable, Hashable {
        /// The kernel shows all addresses as zero (`kernel.kptr_restrict`).
        case kernelAddressesHidden
        /// The kernel's list of symbols cannot be read or is malformed.
        case kernelSymbolsUnreadable
        /// There is no such process, or it ended.
        case noProcess
        /// A process or a file of it may not be read, or is malformed.
        case unreadable
    }

    /// The kind of error.
    public let code: Code
    /// What is wrong, as one sentence.
    public let message: String
    /// Where it is wrong.
    public let context: [DiagnosticContext]
    /// What to do about it.
    public let hint: String?
    /// The error that caused this one.
    public let cause: (any Error)?

    init(
        _ code: Code, _ message: String, context: [DiagnosticContext] = [], hint: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.context = context
        self.hint = hint
        self.cause = cause
    }

    /// Hidden addresses are a matter of permission.
    public var failure: FailureKind { code == .kernelAddressesHidden ? .notPermitted : .failed }
}
