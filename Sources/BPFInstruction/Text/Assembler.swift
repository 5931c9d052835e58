// SPDX-License-Identifier: Apache-2.0

/// Turns assembler text into slots.
///
/// It reads LLVM's and the kernel verifier's spelling, labels (`again:`), several statements on a line separated by
/// semicolons, comments (`//`, `/* */`, and `#` after a blank), and lines as disassemblers and verifier logs print
/// them: `12: (b7) r0 = 1 ; R0=1`. Calls name a helper by number or name, or a label.
///
/// ```swift
/// let code = try Assembler.assemble("""
///     r0 = *(u32 *)(r1 + 8)
///     if r0 s> 5 goto out
///     r0 = 0
/// out: exit
///     """)
/// ```
public enum Assembler {
    /// Assembles a program.
    ///
    /// - Throws: ``InstructionError`` with the line and a ``InstructionError/Code/syntax``,
    ///   ``InstructionError/Code/outOfRange`` or ``InstructionError/Code/label`` code.
    /// - Complexity: O(n) in the length of the text.
    public static func assemble(_ text: String) throws(InstructionError) -> [Instruction] {
        var program = Program()
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            try program.add(line, number: number)
        }
        return try program.resolved()
    }

    private struct Program {
        private struct Pending {
            let slot: Int
            let operation: Operation
            let label: String
            let line: Int
        }

        private var slots: [Instruction] = []
        private var labels: [String: Int] = [:]
        private var pending: [Pending] = []

        mutating func add(_ line: Substring, number: Int) throws(InstructionError) {
            guard let first = line.utf8.first(where: { $0 != 0x20 && $0 != 0x09 }), first != UInt8(ascii: ";") else {
                return
            }
            var text = line
            var opcode: UInt8?
            if let prefix = Self.listingPrefix(of: line) {
                text = prefix.rest
                opcode = prefix.opcode
            }
            var tokens = try Lexer.tokens(of: text, line: number)[...]
            try removeSymbolHeading(from: &tokens, line: number)
            for statement in tokens.split(separator: .symbol(";")) {
                try add(statement: statement, opcode: opcode, line: number)
            }
        }

        /// `12:` or `12: (b7)` before an instruction of a listing; what follows a semicolon there is a remark.
        private static func listingPrefix(of line: Substring) -> (rest: Substring, opcode: UInt8?)? {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            let digits = trimmed.prefix { $0.isHexDigit }
            var rest = trimmed[digits.endIndex...]
            guard UInt64(digits) != nil, rest.first == ":" else { return nil }
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            rest = rest.prefix { $0 != ";" }
            guard rest.first == "(", rest.dropFirst(3).first == ")",
                let opcode = UInt8(rest.dropFirst().prefix(2), radix: 16)
            else { return (rest, nil) }
            return (rest.dropFirst(4), opcode)
        }

        /// `0000000000000000 <main>:`, as `llvm-objdump` heads a function.
        private mutating func removeSymbolHeading(
            from tokens: inout ArraySlice<Token>, line: Int
        ) throws(InstructionError) {
            var rest = tokens
            if case .number? = rest.first { rest = rest.dropFirst() }
            guard rest.count == 4, rest.first == .symbol("<"), case .name(let name)? = rest.dropFirst().first,
                rest.suffix(2) == [.symbol(">"), .symbol(":")]
            else { return }
            try define(name, line: line)
            tokens = []
        }

        private mutating func add(
            statement: ArraySlice<Token>, opcode: UInt8?, line: Int
        ) throws(InstructionError) {
            var tokens = statement
            while case .name(let name)? = tokens.first, tokens.dropFirst().first == .symbol(":") {
                try define(name, line: line)
                tokens = tokens.dropFirst(2)
            }
            guard !tokens.isEmpty else { return }
            var parser = StatementParser(tokens, line: line, opcode: opcode)
            switch try parser.statement() {
            case .operation(let operation): slots += operation.instructions
            case .raw(let bits): slots.append(Instruction(rawBits: bits))
            case .jump(let operation, let label):
                pending.append(Pending(slot: slots.count, operation: operation, label: label, line: line))
                slots += operation.instructions
            }
        }

        private mutating func define(_ label: String, line: Int) throws(InstructionError) {
            guard labels.updateValue(slots.count, forKey: label) == nil else {
                throw InstructionError(.label, "the label '\(label)' is defined twice", line: line)
            }
        }

        /// The slots with every label replaced by its distance.
        func resolved() throws(InstructionError) -> [Instruction] {
            var slots = slots
            for jump in pending {
                guard let target = labels[jump.label] else {
                    let what = if case .callLocal = jump.operation { "helper or label" } else { "label" }
                    throw InstructionError(.label, "there is no \(what) '\(jump.label)'", line: jump.line)
                }
                let distance = target - jump.slot - 1
                guard let operation = jump.operation.jumping(distance) else {
                    throw InstructionError(
                        .outOfRange, "the label '\(jump.label)' is \(distance) instructions away, too far",
                        line: jump.line, hint: "use gotol, which reaches any label")
                }
                for (index, slot) in operation.instructions.enumerated() { slots[jump.slot + index] = slot }
            }
            return slots
        }
    }
}

extension Operation {
    /// The same jump or call over another distance, or `nil` when the distance does not fit.
    fileprivate func jumping(_ distance: Int) -> Operation? {
        switch self {
        case .longJump: return Int32(exactly: distance).map { .longJump(distance: $0) }
        case .callLocal: return Int32(exactly: distance).map { .callLocal(distance: $0) }
        case .jump: return Int16(exactly: distance).map { .jump(distance: $0) }
        case .mayJump: return Int16(exactly: distance).map { .mayJump(distance: $0) }
        case .conditionalJump(let comparison, let width, let left, let right, _):
            return Int16(exactly: distance).map { .conditionalJump(comparison, width, left, right, distance: $0) }
        default: return self
        }
    }
}
