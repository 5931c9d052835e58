// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// An error of compiling C to a BPF object.
public struct ClangError: DiagnosticError {
    /// What kind of error it is.
    public enum Code: Sendable, Hashable {
        /// There is no clang, or not at the given path.
        case compilerMissing
        /// The clang that was found cannot compile for BPF.
        case targetMissing
        /// Clang refused the source; its own output is the error's detail.
        case compilationFailed
        /// Clang did not end in time.
        case timedOut
        /// The source file or folder is not there or cannot be read.
        case sourceMissing
        /// A folder holds no source, or more than one.
        case ambiguousSource
        /// Our own headers are not where they are expected.
        case headersMissing
        /// The running kernel's types could not be written as a header.
        case kernelHeader
        /// A file or process operation failed.
        case system
    }

    /// What kind of error it is.
    public let code: Code
    /// What happened.
    public let message: String
    /// Where it happened.
    public let context: [DiagnosticContext]
    /// Clang's own output, unchanged.
    public let detail: String?
    /// What the reader can do about it.
    public let hint: String?
    /// The error that caused this one.
    public let cause: (any Error)?

    /// Makes an error.
    public init(
        _ code: Code, _ message: String, context: [DiagnosticContext] = [], detail: String? = nil, hint: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.context = context
        self.detail = detail
        self.hint = hint
        self.cause = cause
    }
}
