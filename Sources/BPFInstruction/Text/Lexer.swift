// SPDX-License-Identifier: Apache-2.0

/// A piece of assembler text.
enum Token: Hashable {
    /// A name: register, type, function or label.
    case name(String)
    /// A number without its sign.
    case number(UInt64)
    /// An operator or a bracket.
    case symbol(String)

    /// The piece as it was written, more or less.
    var text: String {
        switch self {
        case .name(let text), .symbol(let text): text
        case .number(let value): "\(value)"
        }
    }
}

/// Cuts one line of assembler text into tokens, without its comments.
struct Lexer {
    private let bytes: [UInt8]
    private var position = 0
    private let line: Int

    /// Longest first, so that `<<=` is not taken for `<`.
    private static let operators: [[UInt8]] = [
        "s>>=", "<<=", ">>=", "s>=", "s<=", "s/=", "s%=", "+=", "-=", "*=", "/=", "|=", "&=", "%=", "^=", "==", "!=",
        ">=", "<=", "s>", "s<", "=", ">", "<", "&", "(", ")", "[", "]", ",", "*", "+", "-", ":", "#", "@", ";",
    ].map { Array($0.utf8) }

    private init(_ text: Substring, line: Int) {
        bytes = Array(text.utf8)
        self.line = line
    }

    /// The tokens of a line.
    static func tokens(of text: Substring, line: Int) throws(InstructionError) -> [Token] {
        var lexer = Lexer(text, line: line)
        var tokens: [Token] = []
        while let token = try lexer.next() { tokens.append(token) }
        return tokens
    }

    private mutating func next() throws(InstructionError) -> Token? {
        guard try skipBlanks() else { return nil }
        let first = bytes[position]
        if let symbol = symbol() {
            position += symbol.count
            return .symbol(String(decoding: symbol, as: UTF8.self))
        }
        guard Self.isWord(first) else {
            let character = String(decoding: bytes[position...].prefix(1), as: UTF8.self)
            throw InstructionError(.syntax, "unexpected character '\(character)'", line: line)
        }
        let start = position
        while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        guard first >= UInt8(ascii: "0"), first <= UInt8(ascii: "9") else { return .name(word) }
        let value: UInt64?
        if word.hasPrefix("0x") || word.hasPrefix("0X") {
            value = UInt64(word.dropFirst(2), radix: 16)
        } else if word.hasPrefix("0b") {
            value = UInt64(word.dropFirst(2), radix: 2)
        } else {
            value = UInt64(word)
        }
        guard let value else { throw InstructionError(.outOfRange, "'\(word)' is not a 64-bit number", line: line) }
        return .number(value)
    }

    /// Moves to the next token; answers `false` at the end or at a comment that reaches to the end.
    private mutating func skipBlanks() throws(InstructionError) -> Bool {
        while position < bytes.count {
            let isAfterBlank = position == 0 || Self.isBlank(bytes[position - 1])
            switch bytes[position] {
            case let byte where Self.isBlank(byte): position += 1
            case UInt8(ascii: "/") where starts(with: "//"): return false
            case UInt8(ascii: "/") where starts(with: "/*"):
                position += 2
                while position < bytes.count, !starts(with: "*/") { position += 1 }
                guard position < bytes.count else {
                    throw InstructionError(.syntax, "a comment does not end on its line", line: line)
                }
                position += 2
            // `name#5` is a call; a comment has a blank before its sign.
            case UInt8(ascii: "#") where isAfterBlank: return false
            default: return true
            }
        }
        return false
    }

    private func symbol() -> [UInt8]? {
        Self.operators.first { bytes[position...].starts(with: $0) }
    }

    private func starts(with text: StaticString) -> Bool {
        bytes[position...].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }
}
