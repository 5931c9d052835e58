// SPDX-License-Identifier: Apache-2.0

/// Assignments to a register.
extension StatementParser {
    mutating func assignment() throws(InstructionError) -> Operation {
        let (destination, width) = try register()
        guard case .symbol(let text)? = tokens.first, let name = ArithmeticOperator(rawValue: text) else {
            throw expected("an operator such as = or +=")
        }
        tokens.removeFirst()
        guard name == .move else {
            return .arithmetic(name, width, destination: destination, try operand(width))
        }
        switch tokens.first {
        case .symbol("*"): return try load(into: destination)
        case .symbol("("): return try signExtendedMove(into: destination, width)
        case .symbol("-"):
            if case .name? = tokens.dropFirst().first { return try negation(of: destination, width) }
        case .name(let name):
            if let operation = try function(name, into: destination, width) { return operation }
        default: break
        }
        return try move(into: destination, width)
    }

    mutating func load(into destination: UInt8) throws(InstructionError) -> Operation {
        try expect(.symbol("*"))
        let (size, isSigned) = try memory()
        if tokens.first == .name("skb") { return try packetLoad(size, into: destination) }
        let (base, offset) = try address()
        guard !isSigned || size != .doubleWord else {
            throw InstructionError(.syntax, "a load of 64 bits has no sign to extend: write u64", line: line)
        }
        return .load(size, destination: destination, base: base, offset: offset, isSigned: isSigned)
    }

    mutating func packetLoad(_ size: MemorySize, into destination: UInt8) throws(InstructionError) -> Operation {
        guard destination == 0, size != .doubleWord else {
            throw InstructionError(.syntax, "a packet load reads up to 4 bytes into r0", line: line)
        }
        tokens.removeFirst()
        try expect(.symbol("["))
        var source: UInt8?
        if case .name? = tokens.first { source = try wideRegister() }
        let offset = source != nil && !isSign(tokens.first) ? 0 : try narrow32(try signed())
        try expect(.symbol("]"))
        guard let source else { return .loadPacket(size, offset: offset) }
        return .loadPacketIndirect(size, source: source, offset: offset)
    }

    mutating func signExtendedMove(
        into destination: UInt8, _ width: OperandWidth
    ) throws(InstructionError) -> Operation {
        try expect(.symbol("("))
        let bits: Int
        switch tokens.first {
        case .name("s8"): bits = 8
        case .name("s16"): bits = 16
        case .name("s32") where width == .doubleWord: bits = 32
        default: throw expected("s8, s16 or s32")
        }
        tokens.removeFirst()
        try expect(.symbol(")"))
        return .moveSignExtended(width, destination: destination, source: try register(width), bits: bits)
    }

    mutating func negation(of destination: UInt8, _ width: OperandWidth) throws(InstructionError) -> Operation {
        try expect(.symbol("-"))
        guard try register(width) == destination else {
            throw InstructionError(.syntax, "a register can only be set to its own negative", line: line)
        }
        return .negate(width, destination: destination)
    }

    mutating func move(into destination: UInt8, _ width: OperandWidth) throws(InstructionError) -> Operation {
        guard isSign(tokens.first) || isNumber(tokens.first) else {
            return .arithmetic(.move, width, destination: destination, .register(try register(width)))
        }
        let (magnitude, isNegative) = try magnitude()
        if tokens.first == .name("ll") || opcode == 0x18 {
            if tokens.first == .name("ll") { tokens.removeFirst() }
            guard width == .doubleWord, !isNegative || magnitude <= 1 << 63 else {
                throw InstructionError(.outOfRange, "the constant does not fit a 64-bit register", line: line)
            }
            return .wideLoad(destination: destination, .constant(isNegative ? 0 &- magnitude : magnitude))
        }
        let value = try narrowImmediate(magnitude, isNegative)
        return .arithmetic(.move, width, destination: destination, .constant(value))
    }

    /// The forms that look like a call of a function: `load_acquire(…)`, `be16 r1`, `map_fd(5) ll` and others.
    mutating func function(
        _ name: String, into destination: UInt8, _ width: OperandWidth
    ) throws(InstructionError) -> Operation? {
        if let operation = try atomicFunction(name, result: destination) { return operation }
        if name == "load_acquire" {
            tokens.removeFirst()
            try expect(.symbol("("))
            let (size, _) = try memory()
            let (base, offset) = try address()
            try expect(.symbol(")"))
            return .loadAcquire(size, destination: destination, base: base, offset: offset)
        }
        if name == "addr_space_cast" {
            tokens.removeFirst()
            try expect(.symbol("("))
            let source = try wideRegister()
            try expect(.symbol(","))
            let to = try unsigned()
            try expect(.symbol(","))
            let from = try unsigned()
            try expect(.symbol(")"))
            guard let to = UInt16(exactly: to), let from = UInt16(exactly: from) else {
                throw InstructionError(.outOfRange, "an address space has 16 bits", line: line)
            }
            return .castAddressSpace(destination: destination, source: source, to: to, from: from)
        }
        for swap in ByteSwap.allCases {
            guard let bits = [16, 32, 64].first(where: { name == "\(swap.rawValue)\($0)" }) else { continue }
            tokens.removeFirst()
            guard try wideRegister() == destination else {
                throw InstructionError(.syntax, "bytes are swapped within one register", line: line)
            }
            return .swapBytes(swap, destination: destination, bits: bits)
        }
        guard let value = try wideValue(name) else { return nil }
        return .wideLoad(destination: destination, value)
    }

    mutating func wideValue(_ name: String) throws(InstructionError) -> WideValue? {
        let hasTwo: Bool
        switch name {
        case "map_fd", "map_index", "function": hasTwo = false
        case "map_value", "map_index_value", "kernel_variable": hasTwo = true
        default: return nil
        }
        tokens.removeFirst()
        try expect(.symbol("("))
        if name == "function" { try expect(.name("pc")) }
        let first = try narrow32(try signed())
        var second: Int32 = 0
        if hasTwo {
            try expect(.symbol(","))
            second = try narrow32(try signed())
        }
        try expect(.symbol(")"))
        try expect(.name("ll"))
        switch name {
        case "map_fd": return .map(descriptor: first)
        case "map_index": return .mapIndex(first)
        case "function": return .function(distance: first)
        case "map_value": return .mapValue(descriptor: first, offset: second)
        case "map_index_value": return .mapIndexValue(first, offset: second)
        default: return .kernelVariable(id: first, object: second)
        }
    }
}
