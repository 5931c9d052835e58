// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// An error thrown when a filter, a choice of columns or a sort order makes no sense for the rows it is for.
public struct PresentationError: DiagnosticError {
    /// What went wrong.
    public enum Code: Sendable, Hashable {
        /// An expression cannot be read.
        case syntax
        /// A column is compared with something that it can never be.
        case typeMismatch
        /// There is no such column.
        case unknownColumn
        /// The rows have no slots to draw.
        case noHistogram
    }

    /// What went wrong, for programs.
    public let code: Code
    /// What went wrong, for people.
    public let message: String
    /// Where in the expression it went wrong: bytes from its start.
    public let position: Int?
    /// The expression with a mark below the position.
    public let detail: String?
    /// What to do about it.
    public let hint: String?
    /// The error of the schema below, if that was the reason.
    public let cause: (any Error)?

    init(
        _ code: Code, _ message: String, in expression: String? = nil, at position: Int? = nil, hint: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.position = position
        self.hint = hint
        self.cause = cause
        if let expression, let position {
            let before = String(decoding: Array(expression.utf8).prefix(position), as: UTF8.self)
            detail = expression + "\n" + String(repeating: " ", count: before.count) + "^"
        } else {
            detail = nil
        }
    }

    /// Always bad usage.
    public var failure: FailureKind { .usage }
}
