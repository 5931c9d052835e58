// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// An error thrown while a source is compiled.
public struct ClangError: DiagnosticError {
    /// What went wrong.
    public enum Code: Sendable, Hashable {
        /// There is no clang, or not one that knows eBPF.
        case noCompiler
        /// The source cannot be read.
        case noSource
        /// The source does not compile; ``ClangError/detail`` is what clang says.
        case rejected
        /// The compiler did not end in time.
        case timeLimit
        /// The header of the kernel's types cannot be made.
        case noKernelHeader
    }

    /// What went wrong.
    public var code: Code
    /// One sentence that says what happened.
    public var message: String
    /// Where it happened.
    public var context: [DiagnosticContext] = []
    /// What to do about it, where known.
    public var hint: String?
    /// What clang says, unchanged.
    public var detail: String?
    /// The error that caused this one.
    public var cause: (any Error)?

    init(
        _ code: Code, _ message: String, hint: String? = nil, detail: String? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.detail = detail
        self.cause = cause
    }
}
