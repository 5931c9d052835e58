// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// An ELF file that cannot be read, or not in the way that was asked for.
///
/// It names the section and the byte offset of the file where they are known.
public struct ELFError: DiagnosticError, Hashable {
    /// The kinds of things that go wrong with ELF files.
    public enum Code: Sendable, Hashable {
        /// The bytes do not start as an ELF file does.
        case notELF
        /// A valid kind of file that is not supported, such as 32-bit ELF or a compressed section.
        case unsupported
        /// Something lies past the end of the file or of its section.
        case outOfBounds
        /// A field has a value that the format does not allow.
        case malformed
        /// The file is valid but of another type or machine than was required.
        case wrongKind
        /// What was asked for is not in the file.
        case notFound
    }

    /// The kind of error.
    public let code: Code
    /// What is wrong, as one sentence.
    public let message: String
    /// The section that was being read, where there is one.
    public let section: String?
    /// The byte offset in the file, where it is known.
    public let offset: UInt64?
    /// What to do about it.
    public let hint: String?

    init(_ code: Code, _ message: String, section: String? = nil, offset: UInt64? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.section = section
        self.offset = offset
        self.hint = hint
    }

    /// The section and the offset, as far as they are known.
    public var context: [DiagnosticContext] {
        var facts: [DiagnosticContext] = []
        if let section { facts.append(DiagnosticContext("section", section)) }
        if let offset { facts.append(DiagnosticContext("offset", offset)) }
        return facts
    }
}
