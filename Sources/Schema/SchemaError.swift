// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// An error thrown when a type cannot be shown or a text cannot be turned into a value of a type.
public struct SchemaError: DiagnosticError {
    /// What went wrong.
    public enum Code: Sendable, Hashable {
        /// The type information is broken or has no such type.
        case invalidType
        /// The type is well-formed but cannot be shown or set, such as a function.
        case unsupportedType
        /// The type has more columns or is nested deeper than the limits allow.
        case tooComplex
        /// There is no field of that name.
        case unknownField
        /// The text is not a value of the type.
        case invalidText
        /// The value does not fit the type.
        case outOfRange
        /// The bytes are fewer than the type needs.
        case tooShort
    }

    /// What went wrong, for programs.
    public let code: Code
    /// What went wrong, for people.
    public let message: String
    /// The type, field and value concerned.
    public let context: [DiagnosticContext]
    /// What to do about it.
    public let hint: String?
    /// The error of the type information below, if that was the reason.
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

    /// Bad usage for texts and names that a user typed, else failed.
    public var failure: FailureKind {
        switch code {
        case .unknownField, .invalidText, .outOfRange: .usage
        case .invalidType, .unsupportedType, .tooComplex, .tooShort: .failed
        }
    }
}
