// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// An error in type information: what is wrong with the bytes, or what was asked that they do not hold.
public struct BTFError: DiagnosticError, Sendable, Hashable {
    /// What kind of error it is.
    public enum Code: Sendable, Hashable {
        /// The header or a section is damaged, or ends too early.
        case malformed
        /// A type id is past the last type.
        case unknownType
        /// A string offset is past the string section.
        case unknownString
        /// A kind, version or record size that this library cannot read.
        case unsupported
        /// The type has no size, or is not of the kind that was asked for.
        case wrongKind
        /// A chain of references, or nesting, is too long or never ends.
        case tooDeep
        /// A size or count does not fit its field.
        case tooLarge
    }

    /// What kind of error it is.
    public let code: Code
    /// What happened.
    public let message: String
    /// Where: type ids, offsets, names.
    public let context: [DiagnosticContext]
    /// What to do about it, where that is known.
    public let hint: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, context: [DiagnosticContext] = [], hint: String? = nil) {
        self.code = code
        self.message = message
        self.context = context
        self.hint = hint
    }

    static func unknownType(_ id: BTFTypeID, count: Int) -> BTFError {
        BTFError(
            .unknownType, "there is no type with this id",
            context: [DiagnosticContext("type", id.rawValue), DiagnosticContext("types", count)])
    }

    static func malformed(_ message: String, type: BTFTypeID? = nil, offset: Int? = nil) -> BTFError {
        var context: [DiagnosticContext] = []
        if let type { context.append(DiagnosticContext("type", type.rawValue)) }
        if let offset { context.append(DiagnosticContext("offset", offset)) }
        return BTFError(.malformed, message, context: context)
    }

    /// Names may share bytes, so that a small table can hold more of them than fits into memory.
    static let namesTooLong = BTFError(
        .tooLarge, "the names of the types are far longer together than the table is",
        hint: "no compiler writes such types")

    static func tooDeep(_ id: BTFTypeID) -> BTFError {
        BTFError(
            .tooDeep, "references between types are nested too deeply or form a cycle",
            context: [DiagnosticContext("type", id.rawValue)])
    }
}
