// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// An error thrown while an object is read, relocated or linked; no kernel is involved.
public struct ObjectError: DiagnosticError {
    /// What went wrong.
    public enum Code: Sendable, Hashable {
        /// The bytes contradict their format.
        case malformed
        /// The object uses something that this reader does not support.
        case unsupported
        /// Something that the object, or the caller, refers to is not there.
        case missing
        /// A value does not fit what it is for.
        case invalidValue
    }

    /// What went wrong.
    public var code: Code
    /// One sentence that says what happened.
    public var message: String
    /// Where it happened: section, offset, symbol, program, map.
    public var context: [DiagnosticContext]
    /// What to do about it, where known.
    public var hint: String?
    /// The error that caused this one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(
        _ code: Code, _ message: String, context: [DiagnosticContext] = [], hint: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.context = context
        self.hint = hint
        self.cause = cause
    }
}
