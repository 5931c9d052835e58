// SPDX-License-Identifier: Apache-2.0

/// A piece of a filter expression and where it begins.
struct FilterToken {
    enum Kind: Equatable {
        case word(String)
        case quoted(String)
        case comparison(FilterOperator)
        case and
        case or
        case not
        case open
        case close
        case end
    }

    let kind: Kind
    /// Bytes from the start of the expression.
    let position: Int
}

/// How a column is compared with a value.
enum FilterOperator: String {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case matches = "=~"
    case contains = "~"
}

/// Splits a filter expression.
struct FilterLexer {
    let expression: String
    private let bytes: [UInt8]
    private var index = 0

    init(_ expression: String) {
        self.expression = expression
        bytes = Array(expression.utf8)
    }

    static func tokens(_ expression: String) throws(PresentationError) -> [FilterToken] {
        var lexer = FilterLexer(expression)
        var tokens: [FilterToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private mutating func next() throws(PresentationError) -> FilterToken {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0a { index += 1 }
        let start = index
        guard index < bytes.count else { return FilterToken(kind: .end, position: start) }
        for (text, kind) in Self.symbols where bytes[index...].starts(with: text.utf8) {
            index += text.utf8.count
            return FilterToken(kind: kind, position: start)
        }
        switch bytes[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return FilterToken(kind: .quoted(try quoted()), position: start)
        case UInt8(ascii: "="):
            throw PresentationError(
                .syntax, "a comparison is written '=='", in: expression, at: start, hint: "replace '=' by '=='")
        case UInt8(ascii: "&"):
            throw PresentationError(.syntax, "'and' is written '&&'", in: expression, at: start)
        default: break
        }
        while index < bytes.count, Self.isWord(bytes[index]) {
            // `|` joins flags in a word, and `||` ends it.
            if bytes[index] == UInt8(ascii: "|"), index + 1 >= bytes.count || bytes[index + 1] == UInt8(ascii: "|") {
                break
            }
            index += 1
        }
        guard index > start else {
            throw PresentationError(.syntax, "this has no meaning here", in: expression, at: start)
        }
        return FilterToken(kind: .word(String(decoding: bytes[start..<index], as: UTF8.self)), position: start)
    }

    private static let symbols: [(String, FilterToken.Kind)] = [
        ("&&", .and), ("||", .or), ("==", .comparison(.equal)), ("!=", .comparison(.notEqual)),
        ("<=", .comparison(.lessOrEqual)), (">=", .comparison(.greaterOrEqual)), ("=~", .comparison(.matches)),
        ("<", .comparison(.less)), (">", .comparison(.greater)), ("~", .comparison(.contains)), ("!", .not),
        ("(", .open), (")", .close),
    ]

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "~"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""), UInt8(ascii: "'"):
            false
        default: true
        }
    }

    private mutating func quoted() throws(PresentationError) -> String {
        let start = index
        let quote = bytes[index]
        index += 1
        var content: [UInt8] = []
        while index < bytes.count, bytes[index] != quote {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count { index += 1 }
            content.append(bytes[index])
            index += 1
        }
        guard index < bytes.count else {
            throw PresentationError(.syntax, "the quoted text does not end", in: expression, at: start)
        }
        index += 1
        return String(decoding: content, as: UTF8.self)
    }
}
