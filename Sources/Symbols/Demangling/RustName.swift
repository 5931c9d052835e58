// SPDX-License-Identifier: Apache-2.0

/// Rust's older names: C++ names whose last part is a hash, with marks of their own for other characters.
enum RustName {
    /// The name without its hash and with its characters; `nil` when it is no Rust name.
    static func readable(_ name: String) -> String? {
        let bytes = Array(name.utf8)
        let hash = bytes.suffix(19)
        guard hash.count == 19, hash.starts(with: Array("::h".utf8)), hash.dropFirst(3).allSatisfy(isHexDigit) else {
            return nil
        }
        var text: [UInt8] = []
        var at = 0
        let end = bytes.count - 19
        while at < end {
            switch bytes[at] {
            case UInt8(ascii: "$"):
                guard let close = bytes[(at + 1)..<end].firstIndex(of: UInt8(ascii: "$")),
                    let character = character(bytes[(at + 1)..<close])
                else { return nil }
                text += Array(character.utf8)
                at = close + 1
            case UInt8(ascii: ".") where at + 1 < end && bytes[at + 1] == UInt8(ascii: "."):
                text += Array("::".utf8)
                at += 2
            // A part must not start with a mark, so it starts with an underscore instead.
            case UInt8(ascii: "_")
            where at + 1 < end && bytes[at + 1] == UInt8(ascii: "$")
                && (at == 0 || bytes[at - 1] == UInt8(ascii: ":")):
                at += 1
            case let byte:
                text.append(byte)
                at += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func character(_ mark: ArraySlice<UInt8>) -> String? {
        switch String(decoding: mark, as: UTF8.self) {
        case "SP": return "@"
        case "BP": return "*"
        case "RF": return "&"
        case "LT": return "<"
        case "GT": return ">"
        case "LP": return "("
        case "RP": return ")"
        case "C": return ","
        case let other:
            guard other.hasPrefix("u"), let scalar = UInt32(other.dropFirst(), radix: 16).flatMap(Unicode.Scalar.init)
            else { return nil }
            return String(Character(scalar))
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
