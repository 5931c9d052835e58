// SPDX-License-Identifier: Apache-2.0

import BTF
public import Diagnostics

/// An error in a CO-RE relocation: it cannot be read, has more than one answer, or does not fit its instruction.
public struct CORERelocationError: DiagnosticError {
    /// What kind of error it is.
    public enum Code: Sendable, Hashable {
        /// The relocation or a type it needs is damaged.
        case malformed
        /// The relocation is of a sort that cannot be resolved, such as one of an anonymous type.
        case unsupported
        /// Types of the target with one name give different answers.
        case ambiguous
        /// The instruction does not hold the value that the compiler should have put there.
        case unexpectedInstruction
        /// The new value does not fit the instruction.
        case outOfRange
        /// There is no target to relocate against.
        case missingTarget
    }

    /// What kind of error it is.
    public let code: Code
    /// What happened.
    public let message: String
    /// Where: program, instruction, relocation.
    public let context: [DiagnosticContext]
    /// What to do about it, where that is known.
    public let hint: String?
    /// The damage that was found, where there is any.
    public let cause: (any Error)?

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

    func adding(_ context: [DiagnosticContext]) -> CORERelocationError {
        CORERelocationError(code, message, context: context + self.context, hint: hint, cause: cause)
    }

    static func malformed(_ message: String) -> CORERelocationError {
        CORERelocationError(.malformed, message)
    }

    /// Turns an error of the types into one of the relocation.
    static func wrapping<Result>(_ body: () throws(BTFError) -> Result) throws(CORERelocationError) -> Result {
        do throws(BTFError) {
            return try body()
        } catch {
            throw CORERelocationError(.malformed, "a type that the relocation needs cannot be read", cause: error)
        }
    }
}
