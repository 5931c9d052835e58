// SPDX-License-Identifier: Apache-2.0

/// Reads the verifier's log: the last instruction, what the registers held there, and the reason that follows it.
///
/// Source: `kernel/bpf/log.c` and `verbose()` calls of `kernel/bpf/verifier.c`; the form changed between 5.10 and 6.x,
/// so every step accepts both.
struct VerifierLogReader {
    /// The index of the last instruction that the verifier looked at.
    private(set) var instruction: Int?
    /// That instruction as the verifier prints it.
    private(set) var instructionText: String?
    /// The last source line that the log shows, without `; `.
    private(set) var sourceLine: String?
    /// The verifier's messages after the last instruction.
    private(set) var messages: [String] = []
    /// What kernels from 7.3 on explain after their message, in one line: why it was refused.
    private(set) var explanation: String?
    /// What such kernels advise, in one line.
    private(set) var suggestion: String?
    /// How many lines of the log come before such an explanation.
    private(set) var lineCount = 0
    /// The part of the explanation that is being read: `Reason`, `At`, `Causal path` or `Suggestion`.
    private var part: String?
    /// The last state of each register, such as `scalar(umax=255)`.
    private(set) var registers: [String: String] = [:]

    init(_ log: String) {
        for line in log.split(separator: "\n", omittingEmptySubsequences: true) {
            if readExplanation(line) { continue }
            lineCount += 1
            read(line)
        }
        messages.removeAll {
            $0.hasPrefix("processed ") || $0.hasPrefix("verification time") || $0.hasPrefix("stack depth")
        }
    }

    /// The reason in one line: the last message, with the one before it when that names a register.
    var reason: String {
        // The states of two turns of a loop follow the reason.
        let reason = messages.last { !$0.hasPrefix("cur state:") && !$0.hasPrefix("old state:") }
        return reason ?? messages.last ?? explanation ?? "no reason given"
    }

    /// The registers that the messages and the last instruction name, with their states.
    var registersInQuestion: [(name: String, state: String)] {
        var names: [String] = []
        for text in messages + [instructionText ?? ""] {
            for name in Self.registerNames(in: text) where !names.contains(name) { names.append(name) }
        }
        return names.compactMap { name in registers[name].map { (name, $0) } }
    }

    /// Reads the paragraphs that follow `Verification failed: …`.
    ///
    /// - Returns: whether the line belongs to them.
    private mutating func readExplanation(_ line: Substring) -> Bool {
        if line.hasPrefix("Verification failed:") {
            part = ""
            return true
        }
        guard part != nil else { return false }
        if line.hasPrefix("processed ") {
            part = nil
            return true
        }
        if line.first != " " {
            part = line.last == ":" ? String(line.dropLast()) : ""
            return true
        }
        let text = String(line).trimmed
        switch part {
        case "Reason": explanation = explanation.map { $0 + " " + text } ?? text
        case "Suggestion": suggestion = suggestion.map { $0 + " " + text } ?? text
        default: break
        }
        return true
    }

    private mutating func read(_ line: Substring) {
        if line.hasPrefix(";") {
            sourceLine = String(line.dropFirst(1)).trimmed
            return
        }
        if line.hasPrefix("from "), line.contains(" to ") {
            // Another path: what was known of the registers is replaced by the state that follows.
            registers = [:]
            messages = []
            if let colon = line.firstIndex(of: ":") { readStates(line[line.index(after: colon)...]) }
            return
        }
        if let colon = line.firstIndex(of: ":"), let index = Int(line[..<colon]) {
            let rest = line[line.index(after: colon)...]
            if let open = rest.firstIndex(where: { $0 != " " }), rest[open] == "(" {
                instruction = index
                messages = []
                // States after the instruction follow a semicolon.
                if let separator = rest.firstIndex(of: ";") {
                    instructionText = "\(index):" + String(rest[..<separator]).trimmedEnd
                    readStates(rest[rest.index(after: separator)...])
                } else {
                    instructionText = "\(index):" + String(rest).trimmedEnd
                }
                return
            }
            readStates(rest)
            return
        }
        if line.first == "R", line.contains("="), line.firstIndex(of: "=").map({ line[..<$0].count <= 5 }) == true {
            readStates(line)
            return
        }
        if line.hasPrefix("func#") || line.hasPrefix("last_idx") || line.hasPrefix("mark_precise")
            || line.hasPrefix("regs=") || line.hasPrefix("parent ") || line.hasPrefix("propagating")
        {
            return
        }
        messages.append(String(line))
    }

    /// Reads states such as `R1=ctx(off=0,imm=0) R2_w=scalar(umax=7) fp-8=mmmmmmmm`.
    private mutating func readStates(_ text: Substring) {
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].split(separator: " ").last ?? ""
            var end = rest.index(after: equals)
            var depth = 0
            while end < rest.endIndex {
                let character = rest[end]
                if character == "(" || character == "{" { depth += 1 }
                if character == ")" || character == "}" { depth -= 1 }
                if character == " ", depth <= 0 { break }
                end = rest.index(after: end)
            }
            let state = String(rest[rest.index(after: equals)..<end])
            let register = name.split(separator: "_").first.map(String.init) ?? String(name)
            if register.first == "R" { registers[register] = state }
            rest = rest[end...]
        }
    }

    /// `r0` and `R0` in a text.
    private static func registerNames(in text: String) -> [String] {
        var names: [String] = []
        var previous: Character = " "
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            if character == "r" || character == "R" || character == "w", !previous.isLetter, !previous.isNumber,
                previous != "_"
            {
                let digits = text[text.index(after: index)...].prefix { $0.isNumber }
                if let number = Int(digits), number <= 10 {
                    let after = text.index(index, offsetBy: digits.count + 1)
                    if after == text.endIndex || !(text[after].isLetter || text[after] == "_") {
                        names.append("R\(number)")
                    }
                }
            }
            previous = character
            index = text.index(after: index)
        }
        return names
    }
}

extension String {
    /// The text without white space at its end.
    fileprivate var trimmedEnd: String {
        var text = Substring(self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
