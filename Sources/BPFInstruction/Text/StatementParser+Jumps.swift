// SPDX-License-Identifier: Apache-2.0

/// Jumps and calls.
extension StatementParser {
    mutating func jump(
        _ make: (StatementParser, Int64) throws(InstructionError) -> Operation
    ) throws(InstructionError) -> Statement {
        switch try target() {
        case .distance(let distance): return .operation(try make(self, distance))
        case .label(let label): return .jump(try make(self, 0), label: label)
        }
    }

    mutating func target() throws(InstructionError) -> JumpTarget {
        if case .name(let name) = tokens.first {
            tokens.removeFirst()
            guard name == "pc", isSign(tokens.first) else { return .label(name) }
        }
        let distance = try signed()
        // A disassembler's remark of where the jump goes.
        if tokens.first == .symbol("<") { tokens.removeAll() }
        return .distance(distance)
    }

    mutating func conditionalJump() throws(InstructionError) -> Statement {
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

    mutating func call() throws(InstructionError) -> Statement {
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

    func isSign(_ token: Token?) -> Bool { token == .symbol("+") || token == .symbol("-") }
}
