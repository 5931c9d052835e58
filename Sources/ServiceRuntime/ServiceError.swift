// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// An error thrown while a service is found, prepared or run.
public struct ServiceError: DiagnosticError {
    /// What went wrong.
    public enum Code: Sendable, Hashable {
        /// There is no such service, file, map, program or column.
        case notFound
        /// The command line does not fit the service.
        case usage
        /// The service cannot run here.
        case failed
        /// The user may not do this.
        case notPermitted
        /// This kernel cannot do this.
        case notSupported
    }

    /// What went wrong.
    public var code: Code
    /// One sentence that says what happened.
    public var message: String
    /// Where it happened.
    public var context: [DiagnosticContext]
    /// What to do about it, where known.
    public var hint: String?
    /// Several lines that belong to the error.
    public var detail: String?
    /// The error that caused this one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(
        _ code: Code, _ message: String, context: [DiagnosticContext] = [], hint: String? = nil,
        detail: String? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.context = context
        self.hint = hint
        self.detail = detail
        self.cause = cause
    }

    /// The exit code's kind: that of the cause unless this error knows better.
    public var failure: FailureKind {
        switch code {
        case .usage: .usage
        case .notPermitted: .notPermitted
        case .notSupported: .notSupported
        case .notFound, .failed: (cause as? any DiagnosticError)?.failure ?? .failed
        }
    }
}
