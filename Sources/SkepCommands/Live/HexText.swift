// SPDX-License-Identifier: Apache-2.0

/// Bytes for people: hex digits and the characters that they may be.
enum HexText {
    /// Two digits a byte, nothing in between.
    static func digits(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes { text += two(byte) }
        return text
    }

    /// Lines of an offset, 16 bytes and their characters.
    static func dump(_ bytes: [UInt8]) -> String {
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let part = bytes[start..<min(start + 16, bytes.count)]
            let offset = String(start, radix: 16)
            text += "  " + String(repeating: "0", count: max(0, 4 - offset.count)) + offset + " "
            for index in 0..<16 {
                if index == 8 { text += " " }
                text += index < part.count ? " " + two(part[start + index]) : "   "
            }
            text += "  " + part.map { (0x20..<0x7f).contains($0) ? String(UnicodeScalar($0)) : "." }.joined() + "\n"
        }
        return text
    }

    /// Reads digits, with or without `0x`, spaces, colons and line ends between bytes; `nil` for anything else.
    static func bytes(_ text: String) -> [UInt8]? {
        var digits: [UInt8] = []
        for character in text.hasPrefix("0x") ? text.dropFirst(2) : text[...] {
            if character.isWhitespace || character == ":" { continue }
            guard character.isASCII, let digit = character.hexDigitValue else { return nil }
            digits.append(UInt8(digit))
        }
        guard digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static func two(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
