// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Debug information that cannot be read: where it is wrong and why.
public struct DWARFError: DiagnosticError {
    /// The kinds of things that go wrong with debug information.
    public enum Code: Sendable, Hashable {
        /// The file has no debug information of the kind that was asked for.
        case missing
        /// A valid kind of debug information that is not supported, such as a version before 4.
        case unsupported
        /// Something lies past the end of its section or unit.
        case outOfBounds
        /// A value that the format does not allow.
        case malformed
        /// The file asks for more work or memory than real debug information does.
        case tooLarge
    }

    /// The kind of error.
    public let code: Code
    /// What is wrong, as one sentence.
    public let message: String
    /// The section, such as `.debug_info`.
    public let section: String
    /// The byte offset in the section, where it is known.
    public let offset: Int?
    /// What to do about it.
    public let hint: String?
    /// The error of the ELF file that caused this one.
    public let cause: (any Error)?

    init(
        _ code: Code, _ message: String, section: String, offset: Int? = nil, hint: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.section = section
        self.offset = offset
        self.hint = hint
        self.cause = cause
    }

    /// The section and the offset, as far as they are known.
    public var context: [DiagnosticContext] {
        var facts = [DiagnosticContext("section", section)]
        if let offset { facts.append(DiagnosticContext("offset", offset)) }
        return facts
    }
}
