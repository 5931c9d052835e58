// SPDX-License-Identifier: Apache-2.0

extension ItaniumName {
    mutating func name() -> String? {
        if take("N") { return nestedName() }
        if take("Z") { return localName() }
        var whole: String
        if next == UInt8(ascii: "S"), !isStandardPrefix {
            guard let known = substitution() else { return nil }
            whole = known
        } else {
            let prefix = take("St") ? "std::" : ""
            guard let plain = nested({ $0.unqualifiedName(in: "") }) else { return nil }
            whole = prefix + plain
            if next == UInt8(ascii: "I") { whole = remember(whole) }
        }
        guard next == UInt8(ascii: "I") else { return whole }
        guard let arguments = nested({ $0.templateArgumentList() }) else { return nil }
        return whole + arguments
    }

    private var isStandardPrefix: Bool {
        at + 1 < bytes.count && bytes[at] == UInt8(ascii: "S") && bytes[at + 1] == UInt8(ascii: "t")
    }

    private mutating func nestedName() -> String? {
        // Qualifiers of the member function.
        while take("r") || take("V") || take("K") {}
        _ = take("R") || take("O")
        var prefix = ""
        var last = ""
        while let byte = next {
            if take("E") { return prefix.isEmpty ? nil : RustName.readable(prefix) ?? prefix }
            if isStandardPrefix {
                at += 2
                prefix = "std"
                continue
            }
            switch byte {
            case UInt8(ascii: "S"), UInt8(ascii: "T"):
                let isParameter = byte == UInt8(ascii: "T")
                guard prefix.isEmpty,
                    let known = nested({ isParameter ? $0.templateParameter() : $0.substitution() })
                else { return nil }
                prefix = isParameter ? remember(known) : known
                last = Self.lastPart(of: known)
                continue
            case UInt8(ascii: "I"):
                guard !prefix.isEmpty, let arguments = nested({ $0.templateArgumentList() }) else { return nil }
                prefix += arguments
            default:
                guard let part = nested({ $0.unqualifiedName(in: last) }) else { return nil }
                last = part
                prefix = prefix.isEmpty ? part : prefix + "::" + part
            }
            guard let bounded = nested({ _ in prefix }) else { return nil }
            if next != UInt8(ascii: "E") { _ = remember(bounded) }
        }
        return nil
    }

    /// The class's own name, which its constructors repeat.
    private static func lastPart(of name: String) -> String {
        var level = 0
        var part: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "<"): level += 1
            case UInt8(ascii: ">"): level -= 1
            case UInt8(ascii: ":") where level == 0: part = []
            default: if level == 0 { part.append(byte) }
            }
        }
        return String(decoding: part, as: UTF8.self)
    }

    mutating func unqualifiedName(in scope: String) -> String? {
        _ = take("L")
        var text: String
        guard let byte = next else { return nil }
        switch byte {
        case 0x30...0x39:
            guard let source = sourceName() else { return nil }
            text = source
        case UInt8(ascii: "C"):
            guard take("C1") || take("C2") || take("C3") || take("C4") || take("C5"), !scope.isEmpty else { return nil }
            text = scope
        case UInt8(ascii: "D"):
            guard take("D0") || take("D1") || take("D2") || take("D4") || take("D5"), !scope.isEmpty else { return nil }
            text = "~" + scope
        case UInt8(ascii: "U"):
            guard let unnamed = unnamedType() else { return nil }
            text = unnamed
        default:
            guard let known = operatorName() else { return nil }
            text = known
        }
        while take("B") {
            guard let tag = sourceName() else { return nil }
            text += "[abi:\(tag)]"
        }
        return text
    }

    private mutating func sourceName() -> String? {
        guard let count = number(), count > 0, count <= bytes.count - at else { return nil }
        let text = String(decoding: bytes[at..<at + count], as: UTF8.self)
        at += count
        return text.hasPrefix("_GLOBAL__N") ? "(anonymous namespace)" : text
    }

    private mutating func unnamedType() -> String? {
        if take("Ut") {
            while let byte = next, (0x30...0x39).contains(byte) { at += 1 }
            return take("_") ? "{unnamed type}" : nil
        }
        guard take("Ul") else { return nil }
        while next != UInt8(ascii: "E") {
            guard nested({ $0.type() }) != nil else { return nil }
        }
        at += 1
        while let byte = next, (0x30...0x39).contains(byte) { at += 1 }
        return take("_") ? "{lambda}" : nil
    }

    private mutating func operatorName() -> String? {
        guard at + 1 < bytes.count else { return nil }
        if take("cv") { return nested({ $0.type() }).map { "operator " + $0 } }
        let code = String(decoding: bytes[at..<at + 2], as: UTF8.self)
        guard let text = Self.operators[code] else { return nil }
        at += 2
        return "operator" + text
    }

    private static let operators: [String: String] = [
        "nw": " new", "na": " new[]", "dl": " delete", "da": " delete[]", "aw": " co_await", "ps": "+", "ng": "-",
        "ad": "&", "de": "*", "co": "~", "pl": "+", "mi": "-", "ml": "*", "dv": "/", "rm": "%", "an": "&", "or": "|",
        "eo": "^", "aS": "=", "pL": "+=", "mI": "-=", "mL": "*=", "dV": "/=", "rM": "%=", "aN": "&=", "oR": "|=",
        "eO": "^=", "ls": "<<", "rs": ">>", "lS": "<<=", "rS": ">>=", "eq": "==", "ne": "!=", "lt": "<", "gt": ">",
        "le": "<=", "ge": ">=", "ss": "<=>", "nt": "!", "aa": "&&", "oo": "||", "pp": "++", "mm": "--", "cm": ",",
        "pm": "->*", "pt": "->", "cl": "()", "ix": "[]", "qu": "?",
    ]
}
