// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// An error thrown when a kernel cannot be had, or a guest cannot be booted or does not finish.
public struct GuestError: DiagnosticError {
    /// The kinds of error.
    public enum Code: Sendable, Hashable {
        /// QEMU, another program or a kernel is not there.
        case unavailable
        /// A file could not be read or written, or a program could not be started; the cause says why.
        case system
        /// The guest did not finish within its time, or ended before its work did.
        case unfinished
        /// What a caller asks for makes no sense.
        case usage
    }

    /// What kind of error it is.
    public let code: Code
    /// What happened.
    public let message: String
    /// Where it happened.
    public let context: [DiagnosticContext]
    /// What to do about it.
    public let hint: String?
    /// The end of the guest's console, where there is one.
    public let detail: String?

    /// The error of the system that caused it.
    public let cause: (any Error)?

    /// Bad usage, or a failure.
    public var failure: FailureKind { code == .usage ? .usage : .failed }

    /// Makes an error.
    public init(
        _ code: Code, _ message: String, context: [DiagnosticContext] = [], hint: String? = nil, detail: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.context = context
        self.hint = hint
        self.detail = detail
        self.cause = cause
    }
}
