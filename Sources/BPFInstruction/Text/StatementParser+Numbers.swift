// SPDX-License-Identifier: Apache-2.0

/// Registers, numbers and single tokens.
extension StatementParser {
    mutating func register() throws(InstructionError) -> (number: UInt8, width: OperandWidth) {
        guard case .name(let name)? = tokens.first else { throw expected("a register") }
        if name == "fp" {
            tokens.removeFirst()
            return (10, .doubleWord)
        }
        guard name.hasPrefix("r") || name.hasPrefix("w"), let number = UInt8(name.dropFirst()), name.utf8.count <= 3
        else { throw expected("a register") }
        guard number <= 10 else {
            throw InstructionError(.outOfRange, "there is no register \(name): the last one is r10", line: line)
        }
        tokens.removeFirst()
        return (number, name.hasPrefix("w") ? .word : .doubleWord)
    }

    mutating func register(_ width: OperandWidth) throws(InstructionError) -> UInt8 {
        let (number, found) = try register()
        guard found == width else {
            throw InstructionError(
                .syntax, "a 32-bit and a 64-bit register are mixed", line: line,
                hint: "write w registers or r registers on both sides")
        }
        return number
    }

    mutating func wideRegister() throws(InstructionError) -> UInt8 { try register(.doubleWord) }

    /// A register or a constant; `nil` takes registers of either width.
    mutating func operand(_ width: OperandWidth?) throws(InstructionError) -> Operand {
        if case .name? = tokens.first {
            guard let width else { return .register(try register().number) }
            return .register(try register(width))
        }
        let (magnitude, isNegative) = try magnitude()
        return .constant(try narrowImmediate(magnitude, isNegative))
    }

    func isNumber(_ token: Token?) -> Bool {
        if case .number? = token { return true }
        return false
    }

    mutating func magnitude() throws(InstructionError) -> (magnitude: UInt64, isNegative: Bool) {
        let isNegative = tokens.first == .symbol("-")
        if isSign(tokens.first) { tokens.removeFirst() }
        guard case .number(let value)? = tokens.first else { throw expected("a number") }
        tokens.removeFirst()
        return (value, isNegative)
    }

    mutating func signed() throws(InstructionError) -> Int64 {
        // `skb[r1 + -5]` has two signs.
        let isPlus = tokens.first == .symbol("+")
        if isPlus { tokens.removeFirst() }
        let (magnitude, isNegative) = try magnitude()
        guard let value = Int64(exactly: magnitude) else {
            throw InstructionError(.outOfRange, "\(magnitude) is too large here", line: line)
        }
        return isNegative ? -value : value
    }

    mutating func unsigned() throws(InstructionError) -> UInt64 {
        let (magnitude, isNegative) = try magnitude()
        guard !isNegative else { throw InstructionError(.outOfRange, "a negative number cannot be here", line: line) }
        return magnitude
    }

    /// A constant for the immediate field: signed, or its unsigned bit pattern.
    func narrowImmediate(_ magnitude: UInt64, _ isNegative: Bool) throws(InstructionError) -> Int32 {
        if isNegative, magnitude <= 1 << 31 { return Int32(truncatingIfNeeded: 0 &- magnitude) }
        if !isNegative, magnitude <= UInt64(UInt32.max) { return Int32(truncatingIfNeeded: magnitude) }
        // A 64-bit register's negative constant written as a bit pattern.
        if !isNegative, magnitude >= 0xffff_ffff_8000_0000 { return Int32(truncatingIfNeeded: magnitude) }
        throw InstructionError(
            .outOfRange, "the constant does not fit 32 bits", line: line, hint: "load it with 'r1 = … ll' first")
    }

    func narrow16(_ value: Int64) throws(InstructionError) -> Int16 {
        guard let narrow = Int16(exactly: value) else {
            throw InstructionError(.outOfRange, "\(value) does not fit the 16-bit offset", line: line)
        }
        return narrow
    }

    func narrow32(_ value: Int64) throws(InstructionError) -> Int32 {
        guard let narrow = Int32(exactly: value) else {
            throw InstructionError(.outOfRange, "\(value) does not fit 32 bits", line: line)
        }
        return narrow
    }

    mutating func expect(_ token: Token) throws(InstructionError) {
        guard tokens.first == token else { throw expected("'\(token.text)'") }
        tokens.removeFirst()
    }

    func expected(_ what: String) -> InstructionError {
        let found = tokens.first.map { "'\($0.text)'" } ?? "the end of the line"
        return InstructionError(.syntax, "expected \(what), found \(found)", line: line)
    }

    func unexpected(_ token: Token) -> InstructionError {
        InstructionError(.syntax, "unexpected '\(token.text)'", line: line)
    }
}
