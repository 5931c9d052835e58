// SPDX-License-Identifier: Apache-2.0

/// Which names C accepts, and which spellings of integers it knows.
enum CIdentifiers {
    private static let keywords: Set<String> = [
        "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
        "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
        "sizeof", "static", "struct", "switch", "typedef", "typeof", "union", "unsigned", "void", "volatile", "while",
        "asm", "_Bool", "_Complex", "_Atomic", "_Static_assert", "__attribute__", "__asm__", "__typeof__", "__int128",
    ]

    /// Integer types that mean the same for a BPF program as for a 64-bit kernel.
    private static let integerSizes: [String: UInt32] = [
        "char": 1, "signed char": 1, "unsigned char": 1, "_Bool": 1, "short": 2, "short int": 2, "unsigned short": 2,
        "short unsigned int": 2, "int": 4, "unsigned int": 4, "long": 8, "long int": 8, "unsigned long": 8,
        "long unsigned int": 8, "long long": 8, "long long int": 8, "unsigned long long": 8,
        "long long unsigned int": 8, "__int128": 16, "unsigned __int128": 16, "__int128 unsigned": 16,
    ]

    /// The name, or one made of it that C accepts: what a table says must not become code.
    static func valid(_ name: String) -> String {
        var isValid = !name.isEmpty
        var isFirst = true
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"): if isFirst { isValid = false }
            default: isValid = false
            }
            isFirst = false
        }
        if isValid { return keywords.contains(name) ? name + "_" : name }
        var made = "_"
        for scalar in name.unicodeScalars {
            let keeps =
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar))
            made.unicodeScalars.append(keeps ? scalar : "_")
        }
        return made
    }

    /// How C spells an integer.
    static func spelling(_ integer: BTFInteger) -> String {
        if integerSizes[integer.name] == integer.size { return integer.name }
        if integer.encoding.contains(.boolean), integer.size == 1 { return "_Bool" }
        let sign = integer.encoding.contains(.signed) ? "signed " : "unsigned "
        switch integer.size {
        case 1: return sign + "char"
        case 2: return sign + "short"
        case 4: return sign + "int"
        case 8: return sign + "long long"
        case 16: return integer.encoding.contains(.signed) ? "__int128" : "unsigned __int128"
        default: return "struct { unsigned char bytes[\(integer.size)]; }"
        }
    }

    /// How C spells a floating-point number, or an integer of its size where BPF has none such.
    static func spelling(_ float: BTFFloat) -> String {
        switch float.size {
        case 2: "unsigned short"
        case 4: "float"
        case 8: "double"
        case 16: "unsigned __int128"
        default: "struct { unsigned char bytes[\(float.size)]; }"
        }
    }

    /// The text between double quotes.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20: quoted += " "
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// Whether a compiler attribute's text holds nothing but names, numbers, strings and commas in parentheses.
    static func isPlainAttribute(_ text: String) -> Bool {
        var depth = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth < 0 { return false }
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ","), UInt8(ascii: " "),
                UInt8(ascii: "\""):
                break
            default: return false
            }
        }
        return depth == 0 && !text.isEmpty && text.utf8.count(where: { $0 == UInt8(ascii: "\"") }) % 2 == 0
    }
}
