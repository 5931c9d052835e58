// SPDX-License-Identifier: Apache-2.0

/// Reads the names that C++ compilers make (Itanium C++ ABI, section 5.1), as far as a qualified name needs it.
///
/// Parameters of functions are not shown and not read. Whatever is rare makes the answer `nil`: a mangled name is better
/// than a wrong one.
struct ItaniumName {
    let bytes: [UInt8]
    var at: Int
    /// What `S_`, `S0_` and so on stand for.
    var substitutions: [String] = []
    /// What `T_`, `T0_` and so on stand for: the arguments of the last template.
    var templateArguments: [String] = []
    private var depth = 0
    /// Substitutions can double a name again and again, so the sum of all parts is bounded.
    private var budget = 1 << 18

    private static let deepest = 64

    init(_ name: String) {
        bytes = Array(name.utf8)
        at = name.hasPrefix("__Z") ? 3 : 2
    }

    mutating func demangle() -> String? {
        guard let name = encoding() else { return nil }
        // Compilers put parts behind a dot: `.cold`, `.part.0`, `.llvm.123`.
        if let dot = bytes[min(at, bytes.count)...].firstIndex(of: UInt8(ascii: ".")) {
            return name + " [" + String(decoding: bytes[(dot + 1)...], as: UTF8.self) + "]"
        }
        return name
    }

    private mutating func encoding() -> String? {
        let special: [(StaticString, String)] = [
            ("TV", "vtable for "), ("TT", "VTT for "), ("TI", "typeinfo for "), ("TS", "typeinfo name for "),
        ]
        for (prefix, words) in special where take(prefix) {
            guard let type = type() else { return nil }
            return words + type
        }
        if take("GV") { return name().map { "guard variable for " + $0 } }
        return name()
    }

    /// A function and something local to it.
    mutating func localName() -> String? {
        guard let function = nested({ $0.encoding() }) else { return nil }
        // The outer function's parameters.
        while let byte = next, byte != UInt8(ascii: "E") {
            guard nested({ $0.type() }) != nil else { return nil }
        }
        guard take("E") else { return nil }
        if take("s") { return function + "::string literal" }
        guard let inner = nested({ $0.name() }) else { return nil }
        return function + "::" + inner
    }

    // MARK: - Reading

    var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - at >= count else { return false }
        let matches = text.withUTF8Buffer { $0.elementsEqual(bytes[at..<at + count]) }
        if matches { at += count }
        return matches
    }

    mutating func number() -> Int? {
        var value = 0
        let start = at
        while let byte = next, (0x30...0x39).contains(byte), value < 1 << 20 {
            value = value * 10 + Int(byte - 0x30)
            at += 1
        }
        return at > start ? value : nil
    }

    /// A number as in `S1A_`: `_` is 0, `0_` is 1, with digits and capital letters.
    mutating func sequenceNumber() -> Int? {
        if take("_") { return 0 }
        var value = 0
        while let byte = next, byte != UInt8(ascii: "_"), value < 1 << 20 {
            switch byte {
            case 0x30...0x39: value = value * 36 + Int(byte - 0x30)
            case 0x41...0x5a: value = value * 36 + Int(byte - 0x41) + 10
            default: return nil
            }
            at += 1
        }
        return take("_") ? value + 1 : nil
    }

    /// Runs a rule one level deeper; `nil` when names nest too deeply or become too long.
    mutating func nested(_ rule: (inout ItaniumName) -> String?) -> String? {
        guard depth < Self.deepest else { return nil }
        depth += 1
        defer { depth -= 1 }
        guard let text = rule(&self) else { return nil }
        budget -= text.utf8.count
        return budget > 0 ? text : nil
    }

    /// Remembers a part for later references to it.
    mutating func remember(_ text: String) -> String {
        substitutions.append(text)
        return text
    }
}
