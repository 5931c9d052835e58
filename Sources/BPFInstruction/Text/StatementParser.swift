// SPDX-License-Identifier: Apache-2.0

/// Where a jump or a call goes.
enum JumpTarget: Hashable {
    /// A distance in slots from the next slot.
    case distance(Int64)
    /// The slot a label stands before.
    case label(String)
}

/// Reads one statement of assembler text from its tokens.
struct StatementParser {
    /// An operation, or a raw slot pair, with the label that its distance depends on.
    enum Statement {
        /// An operation whose distance is final.
        case operation(Operation)
        /// An operation whose distance is taken from a label.
        case jump(Operation, label: String)
        /// Eight bytes as they are.
        case raw(UInt64)
    }

    private var tokens: ArraySlice<Token>
    private let line: Int
    /// The opcode that a verifier log shows before the instruction; it tells a wide load from a move.
    private var opcode: UInt8?

    init(_ tokens: ArraySlice<Token>, line: Int, opcode: UInt8? = nil) {
        self.tokens = tokens
        self.line = line
        self.opcode = opcode
    }

    /// Reads the statement, which must use all tokens.
    mutating func statement() throws(InstructionError) -> Statement {
        let statement = try parse()
        if let rest = tokens.first { throw unexpected(rest) }
        return statement
    }

    private mutating func parse() throws(InstructionError) -> Statement {
        switch tokens.first {
        case .name("exit"):
            tokens.removeFirst()
            return .operation(.exit)
        case .name(".8byte"), .name(".quad"):
            tokens.removeFirst()
            return .raw(try unsigned())
        case .name("goto"):
            tokens.removeFirst()
            return try jump { (parser, distance) throws(InstructionError) in
                .jump(distance: try parser.narrow16(distance))
            }
        case .name("gotol"):
            tokens.removeFirst()
            return try jump { (parser, distance) throws(InstructionError) in
                .longJump(distance: try parser.narrow32(distance))
            }
        case .name("may_goto"):
            tokens.removeFirst()
            return try jump { (parser, distance) throws(InstructionError) in
                .mayJump(distance: try parser.narrow16(distance))
            }
        case .name("gotox"):
            tokens.removeFirst()
            return .operation(.jumpToRegister(try wideRegister()))
        case .name("callx"):
            tokens.removeFirst()
            return .operation(.callRegister(try wideRegister()))
        case .name("call"):
            tokens.removeFirst()
            return try call()
        case .name("if"):
            tokens.removeFirst()
            return try conditionalJump()
        case .name("lock"):
            tokens.removeFirst()
            return .operation(try lockedOperation())
        case .name("store_release"):
            tokens.removeFirst()
            return .operation(try storeRelease())
        case .symbol("*"): return .operation(try store())
        case .name: return .operation(try assignment())
        case let token?: throw unexpected(token)
        case nil: throw InstructionError(.syntax, "an instruction is missing", line: line)
        }
    }
}

// MARK: - Jumps and calls

extension StatementParser {
    private mutating func jump(
        _ make: (StatementParser, Int64) throws(InstructionError) -> Operation
    ) throws(InstructionError) -> Statement {
        switch try target() {
        case .distance(let distance): return .operation(try make(self, distance))
        case .label(let label): return .jump(try make(self, 0), label: label)
        }
    }

    private mutating func target() throws(InstructionError) -> JumpTarget {
        if case .name(let name) = tokens.first {
            tokens.removeFirst()
            guard name == "pc", isSign(tokens.first) else { return .label(name) }
        }
        let distance = try signed()
        // A disassembler's remark of where the jump goes.
        if tokens.first == .symbol("<") { tokens.removeAll() }
        return .distance(distance)
    }

    private mutating func conditionalJump() throws(InstructionError) -> Statement {
        let (left, width) = try register()
        guard case .symbol(let text)? = tokens.first, let comparison = Comparison(rawValue: text) else {
            throw expected("a comparison")
        }
        tokens.removeFirst()
        let right = try operand(width)
        try expect(.name("goto"))
        return try jump { (parser, distance) throws(InstructionError) in
            .conditionalJump(comparison, width, left, right, distance: try parser.narrow16(distance))
        }
    }

    private mutating func call() throws(InstructionError) -> Statement {
        guard case .name(let name)? = tokens.first else {
            return .operation(.callHelper(id: try narrow32(try signed())))
        }
        tokens.removeFirst()
        if name == "pc", isSign(tokens.first) {
            return .operation(.callLocal(distance: try narrow32(try signed())))
        }
        if name == "kernel", tokens.first == .symbol("-") {
            tokens.removeFirst()
            try expect(.name("function"))
            try expect(.symbol("#"))
            let id = try narrow32(try signed())
            guard tokens.first == .symbol("@") else { return .operation(.callKernelFunction(id: id, module: 0)) }
            tokens.removeFirst()
            return .operation(.callKernelFunction(id: id, module: try narrow16(try signed())))
        }
        if tokens.first == .symbol("#") {
            tokens.removeFirst()
            return .operation(.callHelper(id: try narrow32(try signed())))
        }
        if let helper = HelperTable.helper(named: name) { return .operation(.callHelper(id: helper.id)) }
        return .jump(.callLocal(distance: 0), label: name)
    }

    private func isSign(_ token: Token?) -> Bool { token == .symbol("+") || token == .symbol("-") }
}

// MARK: - Memory

extension StatementParser {
    /// `*(u32 *)(r1 + 8)` after an optional `s` for signed types.
    private mutating func memory() throws(InstructionError) -> (size: MemorySize, isSigned: Bool) {
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
    private mutating func address() throws(InstructionError) -> (base: UInt8, offset: Int16) {
        try expect(.symbol("("))
        let address = try openAddress()
        try expect(.symbol(")"))
        return address
    }

    private mutating func openAddress() throws(InstructionError) -> (base: UInt8, offset: Int16) {
        let base = try wideRegister()
        guard isSign(tokens.first) else { return (base, 0) }
        return (base, try narrow16(try signed()))
    }

    private mutating func store() throws(InstructionError) -> Operation {
        try expect(.symbol("*"))
        let (size, isSigned) = try memory()
        guard !isSigned else { throw InstructionError(.syntax, "a store has no sign: write u", line: line) }
        let (base, offset) = try address()
        try expect(.symbol("="))
        return .store(size, base: base, offset: offset, try operand(nil))
    }

    private mutating func lockedOperation() throws(InstructionError) -> Operation {
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

    private func atomic(
        _ name: AtomicOperator, _ size: MemorySize, _ base: UInt8, _ offset: Int16, _ source: UInt8
    ) throws(InstructionError) -> Operation {
        guard size == .word || size == .doubleWord else {
            throw InstructionError(.syntax, "an atomic operation works on u32 or u64", line: line)
        }
        return .atomic(name, size, base: base, offset: offset, source: source)
    }

    private mutating func storeRelease() throws(InstructionError) -> Operation {
        try expect(.symbol("("))
        let (size, _) = try memory()
        let (base, offset) = try address()
        try expect(.symbol(","))
        let source = try register().number
        try expect(.symbol(")"))
        return .storeRelease(size, base: base, offset: offset, source: source)
    }

    /// `r2 = atomic_fetch_add((u64 *)(r1 + 0), r2)` and its relatives, after the equals sign.
    private mutating func atomicFunction(_ name: String, result: UInt8) throws(InstructionError) -> Operation? {
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
    private mutating func exchanged(isCompare: Bool, result: UInt8) throws(InstructionError) -> UInt8 {
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

// MARK: - Assignments

extension StatementParser {
    private mutating func assignment() throws(InstructionError) -> Operation {
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

    private mutating func load(into destination: UInt8) throws(InstructionError) -> Operation {
        try expect(.symbol("*"))
        let (size, isSigned) = try memory()
        if tokens.first == .name("skb") { return try packetLoad(size, into: destination) }
        let (base, offset) = try address()
        guard !isSigned || size != .doubleWord else {
            throw InstructionError(.syntax, "a load of 64 bits has no sign to extend: write u64", line: line)
        }
        return .load(size, destination: destination, base: base, offset: offset, isSigned: isSigned)
    }

    private mutating func packetLoad(_ size: MemorySize, into destination: UInt8) throws(InstructionError) -> Operation
    {
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

    private mutating func signExtendedMove(
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

    private mutating func negation(of destination: UInt8, _ width: OperandWidth) throws(InstructionError) -> Operation {
        try expect(.symbol("-"))
        guard try register(width) == destination else {
            throw InstructionError(.syntax, "a register can only be set to its own negative", line: line)
        }
        return .negate(width, destination: destination)
    }

    private mutating func move(into destination: UInt8, _ width: OperandWidth) throws(InstructionError) -> Operation {
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
    private mutating func function(
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

    private mutating func wideValue(_ name: String) throws(InstructionError) -> WideValue? {
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

// MARK: - Registers and numbers

extension StatementParser {
    private mutating func register() throws(InstructionError) -> (number: UInt8, width: OperandWidth) {
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

    private mutating func register(_ width: OperandWidth) throws(InstructionError) -> UInt8 {
        let (number, found) = try register()
        guard found == width else {
            throw InstructionError(
                .syntax, "a 32-bit and a 64-bit register are mixed", line: line,
                hint: "write w registers or r registers on both sides")
        }
        return number
    }

    private mutating func wideRegister() throws(InstructionError) -> UInt8 { try register(.doubleWord) }

    /// A register or a constant; `nil` takes registers of either width.
    private mutating func operand(_ width: OperandWidth?) throws(InstructionError) -> Operand {
        if case .name? = tokens.first {
            guard let width else { return .register(try register().number) }
            return .register(try register(width))
        }
        let (magnitude, isNegative) = try magnitude()
        return .constant(try narrowImmediate(magnitude, isNegative))
    }

    private func isNumber(_ token: Token?) -> Bool {
        if case .number? = token { return true }
        return false
    }

    private mutating func magnitude() throws(InstructionError) -> (magnitude: UInt64, isNegative: Bool) {
        let isNegative = tokens.first == .symbol("-")
        if isSign(tokens.first) { tokens.removeFirst() }
        guard case .number(let value)? = tokens.first else { throw expected("a number") }
        tokens.removeFirst()
        return (value, isNegative)
    }

    private mutating func signed() throws(InstructionError) -> Int64 {
        // `skb[r1 + -5]` has two signs.
        let isPlus = tokens.first == .symbol("+")
        if isPlus { tokens.removeFirst() }
        let (magnitude, isNegative) = try magnitude()
        guard let value = Int64(exactly: magnitude) else {
            throw InstructionError(.outOfRange, "\(magnitude) is too large here", line: line)
        }
        return isNegative ? -value : value
    }

    private mutating func unsigned() throws(InstructionError) -> UInt64 {
        let (magnitude, isNegative) = try magnitude()
        guard !isNegative else { throw InstructionError(.outOfRange, "a negative number cannot be here", line: line) }
        return magnitude
    }

    /// A constant for the immediate field: signed, or its unsigned bit pattern.
    private func narrowImmediate(_ magnitude: UInt64, _ isNegative: Bool) throws(InstructionError) -> Int32 {
        if isNegative, magnitude <= 1 << 31 { return Int32(truncatingIfNeeded: 0 &- magnitude) }
        if !isNegative, magnitude <= UInt64(UInt32.max) { return Int32(truncatingIfNeeded: magnitude) }
        // A 64-bit register's negative constant written as a bit pattern.
        if !isNegative, magnitude >= 0xffff_ffff_8000_0000 { return Int32(truncatingIfNeeded: magnitude) }
        throw InstructionError(
            .outOfRange, "the constant does not fit 32 bits", line: line, hint: "load it with 'r1 = … ll' first")
    }

    private func narrow16(_ value: Int64) throws(InstructionError) -> Int16 {
        guard let narrow = Int16(exactly: value) else {
            throw InstructionError(.outOfRange, "\(value) does not fit the 16-bit offset", line: line)
        }
        return narrow
    }

    private func narrow32(_ value: Int64) throws(InstructionError) -> Int32 {
        guard let narrow = Int32(exactly: value) else {
            throw InstructionError(.outOfRange, "\(value) does not fit 32 bits", line: line)
        }
        return narrow
    }

    private mutating func expect(_ token: Token) throws(InstructionError) {
        guard tokens.first == token else { throw expected("'\(token.text)'") }
        tokens.removeFirst()
    }

    private func expected(_ what: String) -> InstructionError {
        let found = tokens.first.map { "'\($0.text)'" } ?? "the end of the line"
        return InstructionError(.syntax, "expected \(what), found \(found)", line: line)
    }

    private func unexpected(_ token: Token) -> InstructionError {
        InstructionError(.syntax, "unexpected '\(token.text)'", line: line)
    }
}
