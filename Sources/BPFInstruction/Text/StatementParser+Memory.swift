// SPDX-License-Identifier: Apache-2.0

/// Memory accesses and atomics.
extension StatementParser {
    /// `*(u32 *)(r1 + 8)` after an optional `s` for signed types.
    mutating func memory() throws(InstructionError) -> (size: MemorySize, isSigned: Bool) {
        try expect(.symbol("("))
        guard case .name(let name)? = tokens.first, let bits = Int(name.dropFirst()), bits % 8 == 0,
            let size = MemorySize(rawValue: bits / 8), name.hasPrefix("u") || name.hasPrefix("s")
        else { throw expected("a type such as u32") }
        tokens.removeFirst()
        try expect(.symbol("*"))
        try expect(.symbol(")"))
        return (size, name.hasPrefix("s"))
    }

    /// `(r1 + 8)`, `(r1 +8)`, `(r1)`.
    mutating func address() throws(InstructionError) -> (base: UInt8, offset: Int16) {
        try expect(.symbol("("))
        let address = try openAddress()
        try expect(.symbol(")"))
        return address
    }

    mutating func openAddress() throws(InstructionError) -> (base: UInt8, offset: Int16) {
        let base = try wideRegister()
        guard isSign(tokens.first) else { return (base, 0) }
        return (base, try narrow16(try signed()))
    }

    mutating func store() throws(InstructionError) -> Operation {
        try expect(.symbol("*"))
        let (size, isSigned) = try memory()
        guard !isSigned else { throw InstructionError(.syntax, "a store has no sign: write u", line: line) }
        let (base, offset) = try address()
        try expect(.symbol("="))
        return .store(size, base: base, offset: offset, try operand(nil))
    }

    mutating func lockedOperation() throws(InstructionError) -> Operation {
        try expect(.symbol("*"))
        let (size, _) = try memory()
        let (base, offset) = try address()
        let names: [String: AtomicOperator] = [
            "+=": .add(fetch: false), "|=": .or(fetch: false), "&=": .and(fetch: false), "^=": .xor(fetch: false),
        ]
        guard case .symbol(let text)? = tokens.first, let name = names[text] else {
            throw expected("+=, |=, &= or ^=")
        }
        tokens.removeFirst()
        return try atomic(name, size, base, offset, try register().number)
    }

    func atomic(
        _ name: AtomicOperator, _ size: MemorySize, _ base: UInt8, _ offset: Int16, _ source: UInt8
    ) throws(InstructionError) -> Operation {
        guard size == .word || size == .doubleWord else {
            throw InstructionError(.syntax, "an atomic operation works on u32 or u64", line: line)
        }
        return .atomic(name, size, base: base, offset: offset, source: source)
    }

    mutating func storeRelease() throws(InstructionError) -> Operation {
        try expect(.symbol("("))
        let (size, _) = try memory()
        let (base, offset) = try address()
        try expect(.symbol(","))
        let source = try register().number
        try expect(.symbol(")"))
        return .storeRelease(size, base: base, offset: offset, source: source)
    }

    /// `r2 = atomic_fetch_add((u64 *)(r1 + 0), r2)` and its relatives, after the equals sign.
    mutating func atomicFunction(_ name: String, result: UInt8) throws(InstructionError) -> Operation? {
        // LLVM names the size in the function, the kernel in a cast.
        switch name {
        case "xchg_64", "xchg32_32", "cmpxchg_64", "cmpxchg32_32":
            tokens.removeFirst()
            let size: MemorySize = name.hasSuffix("_64") ? .doubleWord : .word
            try expect(.symbol("("))
            let (base, offset) = try openAddress()
            let isCompare = name.hasPrefix("cmp")
            return try atomic(
                isCompare ? .compareExchange : .exchange, size, base, offset,
                try exchanged(isCompare: isCompare, result: result))
        default: break
        }
        guard name.hasPrefix("atomic"), let underscore = name.firstIndex(of: "_") else { return nil }
        let names: [String: AtomicOperator] = [
            "fetch_add": .add(fetch: true), "fetch_or": .or(fetch: true), "fetch_and": .and(fetch: true),
            "fetch_xor": .xor(fetch: true), "xchg": .exchange, "cmpxchg": .compareExchange,
        ]
        guard let found = names[String(name[name.index(after: underscore)...])] else { return nil }
        tokens.removeFirst()
        try expect(.symbol("("))
        let (size, _) = try memory()
        let (base, offset) = try address()
        return try atomic(
            found, size, base, offset, try exchanged(isCompare: found == .compareExchange, result: result))
    }

    /// The rest of an atomic function's arguments: `, r2)` or `, r0, r2)`.
    mutating func exchanged(isCompare: Bool, result: UInt8) throws(InstructionError) -> UInt8 {
        try expect(.symbol(","))
        let first = try register().number
        guard first == result, !isCompare || result == 0 else {
            let expected = isCompare ? "r0" : "r\(first)"
            throw InstructionError(.syntax, "the result of this atomic operation goes to \(expected)", line: line)
        }
        var source = first
        if isCompare {
            try expect(.symbol(","))
            source = try register().number
        }
        try expect(.symbol(")"))
        return source
    }
}
