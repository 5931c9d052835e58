// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// An error of reading or writing eBPF instructions.
public struct InstructionError: DiagnosticError, Hashable {
    /// What kind of error it is.
    public enum Code: Sendable, Hashable {
        /// The bytes end within a slot, or the first half of a wide load is the last slot.
        case truncated
        /// A slot's fields do not form an instruction.
        case invalidInstruction
        /// Assembler text could not be understood.
        case syntax
        /// A number, register or jump does not fit its field.
        case outOfRange
        /// A label is missing or defined twice.
        case label
    }

    /// What kind of error it is.
    public let code: Code
    /// What happened.
    public let message: String
    /// The slot it happened at, counted from 0, where that is known.
    public let slot: Int?
    /// The line of the assembler text it happened at, counted from 1, where there is one.
    public let line: Int?
    /// What the reader can do about it.
    public let hint: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, slot: Int? = nil, line: Int? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.slot = slot
        self.line = line
        self.hint = hint
    }

    /// The line and the slot, as far as known.
    public var context: [DiagnosticContext] {
        var context: [DiagnosticContext] = []
        if let line { context.append(DiagnosticContext("line", line)) }
        if let slot { context.append(DiagnosticContext("instruction", slot)) }
        return context
    }
}
