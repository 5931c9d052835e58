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

    var tokens: ArraySlice<Token>
    let line: Int
    /// The opcode that a verifier log shows before the instruction; it tells a wide load from a move.
    var opcode: UInt8?

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

    mutating func parse() throws(InstructionError) -> Statement {
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
