// SPDX-License-Identifier: Apache-2.0

/// How text from a record is written so that it can do no harm where it goes.
enum Escaping {
    /// For a terminal: control characters, direction marks and invalid bytes as `\n` or `\x1b`.
    case terminal
    /// Inside a JSON string.
    case json
    /// As it is, invalid UTF-8 repaired.
    case none
}

extension TextBuffer {
    /// Appends text with what its destination cannot take escaped.
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, escaping: Escaping) {
        var index = 0
        while index < bytes.count {
            var end = index
            while end < bytes.count, Self.isPlain(bytes[end]) { end &+= 1 }
            append(UnsafeBufferPointer(rebasing: bytes[index..<end]))
            guard end < bytes.count else { return }
            index = end + special(bytes, at: end, escaping)
        }
    }

    /// Appends a string with what its destination cannot take escaped.
    mutating func append(_ text: String, escaping: Escaping) {
        var text = text
        text.withUTF8 { append($0, escaping: escaping) }
    }

    /// Printable ASCII but the quote and the backslash.
    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x5c
    }

    /// Appends the character at an index and answers how many bytes it took.
    private mutating func special(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, _ escaping: Escaping) -> Int {
        let byte = bytes[index]
        if byte < 0x80 {
            switch escaping {
            case .none: append(byte)
            case .json: appendJSON(ascii: byte)
            case .terminal: appendTerminal(ascii: byte)
            }
            return 1
        }
        let (scalar, length) = Self.scalar(bytes, at: index)
        guard let scalar else {
            if escaping == .terminal {
                append("\\x" as StaticString)
                append(hexByte: byte)
            } else {
                append("\u{fffd}" as StaticString)
            }
            return 1
        }
        if escaping == .terminal, Self.isDangerous(scalar) {
            append("\\u{" as StaticString)
            append(hex: UInt64(scalar))
            append(UInt8(ascii: "}"))
        } else {
            append(UnsafeBufferPointer(rebasing: bytes[index..<index + length]))
        }
        return length
    }

    private mutating func appendJSON(ascii byte: UInt8) {
        switch byte {
        case 0x22: append("\\\"" as StaticString)
        case 0x5c: append("\\\\" as StaticString)
        case 0x0a: append("\\n" as StaticString)
        case 0x0d: append("\\r" as StaticString)
        case 0x09: append("\\t" as StaticString)
        case 0x7f: append(byte)
        default:
            append("\\u00" as StaticString)
            append(hexByte: byte)
        }
    }

    private mutating func appendTerminal(ascii byte: UInt8) {
        switch byte {
        case 0x22, 0x5c: append(byte)
        case 0x0a: append("\\n" as StaticString)
        case 0x0d: append("\\r" as StaticString)
        case 0x09: append("\\t" as StaticString)
        default:
            append("\\x" as StaticString)
            append(hexByte: byte)
        }
    }

    /// C1 controls, and marks that turn the direction of text or hide.
    private static func isDangerous(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x80...0x9f, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xfff9...0xfffb: true
        default: false
        }
    }

    /// Decodes one scalar of two to four bytes; `nil` when the bytes are not well-formed UTF-8.
    private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (UInt32?, Int) {
        let first = bytes[index]
        let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
        guard first >= 0xc2, first <= 0xf4, index + length <= bytes.count else { return (nil, 1) }
        var value = UInt32(first) & (0x7f >> UInt32(length))
        for next in 1..<length {
            let byte = bytes[index + next]
            guard byte & 0xc0 == 0x80 else { return (nil, 1) }
            value = value << 6 | UInt32(byte & 0x3f)
        }
        let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard value >= least, value <= 0x10ffff, !(0xd800...0xdfff).contains(value) else { return (nil, 1) }
        return (value, length)
    }
}
