// SPDX-License-Identifier: Apache-2.0

extension ItaniumName {
    mutating func type() -> String? {
        guard let byte = next else { return nil }
        if let plain = Self.plainTypes[byte] {
            at += 1
            return plain
        }
        switch byte {
        case UInt8(ascii: "P"): return modified("*")
        case UInt8(ascii: "R"): return modified("&")
        case UInt8(ascii: "O"): return modified("&&")
        case UInt8(ascii: "K"): return modified(" const")
        case UInt8(ascii: "V"): return modified(" volatile")
        case UInt8(ascii: "r"): return modified(" restrict")
        case UInt8(ascii: "D"): return specialType()
        case UInt8(ascii: "A"): return arrayType()
        case UInt8(ascii: "F"): return functionType()
        case UInt8(ascii: "T"):
            guard let parameter = templateParameter() else { return nil }
            return remember(parameter)
        case UInt8(ascii: "S"):
            if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "t") { return classType() }
            guard let known = substitution() else { return nil }
            guard next == UInt8(ascii: "I") else { return known }
            guard let arguments = nested({ $0.templateArgumentList() }) else { return nil }
            return remember(known + arguments)
        default: return classType()
        }
    }

    private mutating func classType() -> String? {
        guard let name = nested({ $0.name() }) else { return nil }
        return remember(name)
    }

    private mutating func modified(_ suffix: String) -> String? {
        at += 1
        guard let inner = nested({ $0.type() }) else { return nil }
        return remember(inner.hasSuffix(")") && suffix != " const" ? inner : inner + suffix)
    }

    private mutating func specialType() -> String? {
        let plain: [(StaticString, String)] = [
            ("Di", "char32_t"), ("Ds", "char16_t"), ("Du", "char8_t"), ("Dn", "std::nullptr_t"), ("Da", "auto"),
            ("Dd", "decimal64"), ("De", "decimal128"), ("Df", "decimal32"), ("Dh", "half"),
        ]
        for (code, name) in plain where take(code) { return name }
        // A pack that is expanded; its arguments stand where it does.
        guard take("Dp") else { return nil }
        return nested { $0.type() }
    }

    private mutating func arrayType() -> String? {
        at += 1
        let count = number().map { String($0) } ?? ""
        guard take("_"), let element = nested({ $0.type() }) else { return nil }
        return remember("\(element) [\(count)]")
    }

    private mutating func functionType() -> String? {
        at += 1
        _ = take("Y")
        guard let result = nested({ $0.type() }) else { return nil }
        var parameters: [String] = []
        while !take("E") {
            guard let parameter = nested({ $0.type() }) else { return nil }
            parameters.append(parameter)
        }
        if parameters == ["void"] { parameters = [] }
        return remember("\(result) (\(parameters.joined(separator: ", ")))")
    }

    mutating func substitution() -> String? {
        guard take("S") else { return nil }
        let known: [(StaticString, String)] = [
            ("a", "std::allocator"), ("b", "std::basic_string"), ("s", "std::string"), ("i", "std::istream"),
            ("o", "std::ostream"), ("d", "std::iostream"),
        ]
        for (code, name) in known where take(code) { return name }
        guard let number = sequenceNumber(), number < substitutions.count else { return nil }
        return substitutions[number]
    }

    mutating func templateParameter() -> String? {
        guard take("T"), let number = sequenceNumber(), number < templateArguments.count else { return nil }
        return templateArguments[number]
    }

    mutating func templateArgumentList() -> String? {
        guard take("I") else { return nil }
        var arguments: [String] = []
        while !take("E") {
            guard let argument = nested({ $0.templateArgument() }) else { return nil }
            arguments.append(argument)
        }
        templateArguments = arguments
        // An empty pack is an argument without text.
        return "<" + arguments.filter { !$0.isEmpty }.joined(separator: ", ") + ">"
    }

    private mutating func templateArgument() -> String? {
        if take("J") {
            var pack: [String] = []
            while !take("E") {
                guard let argument = nested({ $0.templateArgument() }) else { return nil }
                pack.append(argument)
            }
            return pack.joined(separator: ", ")
        }
        guard take("L") else { return next == UInt8(ascii: "X") ? nil : type() }
        return literal()
    }

    /// A constant: a type and a number.
    private mutating func literal() -> String? {
        // Names of functions and objects stand here too.
        guard next != UInt8(ascii: "_"), let type = nested({ $0.type() }) else { return nil }
        let sign = take("n") ? "-" : ""
        let start = at
        while let byte = next, byte != UInt8(ascii: "E") {
            guard (0x30...0x39).contains(byte) else { return nil }
            at += 1
        }
        let digits = String(decoding: bytes[start..<at], as: UTF8.self)
        guard take("E"), !digits.isEmpty else { return nil }
        if type == "bool" { return digits == "0" ? "false" : "true" }
        return ["int", "unsigned int", "long", "unsigned long", "long long", "unsigned long long"].contains(type)
            ? sign + digits : "(\(type))\(sign)\(digits)"
    }

    private static let plainTypes: [UInt8: String] = [
        UInt8(ascii: "v"): "void", UInt8(ascii: "w"): "wchar_t", UInt8(ascii: "b"): "bool", UInt8(ascii: "c"): "char",
        UInt8(ascii: "a"): "signed char", UInt8(ascii: "h"): "unsigned char", UInt8(ascii: "s"): "short",
        UInt8(ascii: "t"): "unsigned short", UInt8(ascii: "i"): "int", UInt8(ascii: "j"): "unsigned int",
        UInt8(ascii: "l"): "long", UInt8(ascii: "m"): "unsigned long", UInt8(ascii: "x"): "long long",
        UInt8(ascii: "y"): "unsigned long long", UInt8(ascii: "n"): "__int128", UInt8(ascii: "o"): "unsigned __int128",
        UInt8(ascii: "f"): "float", UInt8(ascii: "d"): "double", UInt8(ascii: "e"): "long double",
        UInt8(ascii: "g"): "__float128", UInt8(ascii: "z"): "...",
    ]
}
