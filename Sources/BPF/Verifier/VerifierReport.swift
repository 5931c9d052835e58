// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
public import BPFObject
public import BTF
import Bytes

/// What the verifier's log says about a rejected program, for a person: the source line, the instruction, the registers
/// in words, the kernel's own words and a hint.
///
/// ```
/// opensnoop.bpf.c:31:9: value->count += 1;
///   12: (7b) *(u64 *)(r0 +0) = r1
///   R0 is a pointer to a map value of 8 bytes, or NULL: it was not compared with NULL
///   kernel: R0 invalid mem access 'map_value_or_null'
/// ```
public struct VerifierReport: Sendable {
    /// The verifier's reason, in one line.
    public let summary: String
    /// The whole report, several lines.
    public let text: String
    /// What to do about it, where that is known.
    public let hint: String?
    /// Whether the cause is that this kernel lacks something, and not the program.
    public let isEnvironment: Bool

    /// How many of the kernel's last lines are shown as they are.
    private static let shownLines = 12

    /// Explains a log.
    ///
    /// - Parameters:
    ///   - program: the program's name.
    ///   - log: the verifier's log.
    ///   - linked: the program as it was loaded.
    ///   - functions: the object's functions with their source lines.
    ///   - types: the object's types, which hold the source lines' text.
    ///   - notes: what is known of instructions, such as relocations that could not be resolved.
    public init(
        program: String, log: String, linked: LinkedProgram, functions: [String: FunctionSpec], types: BTFTable?,
        notes: [(instruction: Int, text: String)] = []
    ) {
        let parsed = VerifierLogReader(log)
        let note = parsed.instruction.flatMap { index in notes.first { $0.instruction == index }?.text }
        var lines: [String] = []
        if let index = parsed.instruction,
            let line = Self.sourceLine(of: index, linked: linked, functions: functions, types: types)
        {
            lines.append(line)
        } else if let source = parsed.sourceLine {
            lines.append(source)
        }
        if let instruction = parsed.instructionText { lines.append("  " + instruction) }
        for register in parsed.registersInQuestion {
            lines.append("  " + VerifierRegister.describe(register.name, state: register.state))
        }
        let reason = note ?? parsed.reason
        for message in parsed.messages { lines.append("  kernel: " + message) }
        if let explanation = parsed.explanation { lines.append("  kernel: " + explanation) }
        if let note { lines.append("  " + note) }
        let advice = note == nil ? VerifierHint.find(for: parsed.messages, log: log) ?? parsed.suggestion : nil
        lines.append("  the verifier's last lines:")
        let tail = log.split(separator: "\n", omittingEmptySubsequences: true).prefix(parsed.lineCount)
        if tail.count > Self.shownLines { lines.append("    (\(tail.count - Self.shownLines) lines before these)") }
        lines += tail.suffix(Self.shownLines).map { "    " + $0 }
        summary = reason
        hint = advice
        isEnvironment = note != nil || VerifierHint.saysKernelLacksSomething(parsed.messages)
        text = lines.joined(separator: "\n")
    }

    /// The source line that an instruction came from, as `file:line:column: text`.
    static func sourceLine(
        of index: Int, linked: LinkedProgram, functions: [String: FunctionSpec], types: BTFTable?
    ) -> String? {
        guard let types, let placement = linked.function(containing: index),
            let lines = functions[placement.name]?.lines,
            let line = lines.last(where: { Int($0.instructionOffset) <= index - placement.start })
        else { return nil }
        let file = (try? types.string(at: line.fileNameOffset)) ?? "?"
        let text = (try? types.string(at: line.lineOffset)) ?? ""
        let name = file.split(separator: "/").last.map(String.init) ?? file
        return "\(name):\(line.line):\(line.column): \(text.trimmed)"
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
