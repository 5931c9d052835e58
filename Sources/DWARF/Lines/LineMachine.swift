// SPDX-License-Identifier: Apache-2.0

/// One row of a line table, with its file as a number.
struct LineRow {
    var address = DWARFAddress(section: nil, value: 0)
    var operation: UInt64 = 0
    var file: UInt64 = 1
    var line: UInt64 = 1
    var column: UInt64 = 0
    var isStatement: Bool
    var isEnd = false
}

/// Runs a line number program (DWARF 5 section 6.2.5) row by row.
struct LineMachine {
    let program: LineProgram
    private(set) var cursor: Cursor
    private var row: LineRow

    init(_ program: LineProgram, section: DebugSection, at offset: Int? = nil) {
        self.program = program
        cursor = Cursor(section, at: offset ?? program.opcodes.lowerBound, end: program.opcodes.upperBound)
        row = LineRow(isStatement: program.isStatementByDefault)
    }

    /// The next row; `nil` at the program's end.
    mutating func next() throws(DWARFError) -> LineRow? {
        while !cursor.isAtEnd {
            if let row = try step() { return row }
        }
        return nil
    }

    private mutating func step() throws(DWARFError) -> LineRow? {
        let opcode = try cursor.read(UInt8.self)
        let base = UInt8(truncatingIfNeeded: program.operandCounts.count)
        if opcode >= base, base != 0 {
            let adjusted = opcode - base
            advance(by: UInt64(adjusted / program.lineRange))
            let lines = Int64(program.lineBase) + Int64(adjusted % program.lineRange)
            row.line = row.line &+ UInt64(bitPattern: lines)
            return row
        }
        switch opcode {
        case 0: return try extended()
        case 1: return row
        case 2: advance(by: try cursor.unsignedLEB())
        case 3: row.line = row.line &+ UInt64(bitPattern: try cursor.signedLEB())
        case 4: row.file = try cursor.unsignedLEB()
        case 5: row.column = try cursor.unsignedLEB()
        case 6: row.isStatement.toggle()
        case 7, 10, 11: break
        case 8: advance(by: UInt64((255 - base) / program.lineRange))
        case 9:
            row.address = row.address.advanced(by: UInt64(try cursor.read(UInt16.self)))
            row.operation = 0
        default:
            for _ in 0..<program.operandCounts[Int(opcode)] { _ = try cursor.unsignedLEB() }
        }
        return nil
    }

    private mutating func extended() throws(DWARFError) -> LineRow? {
        let start = cursor.offset
        let length = try cursor.unsignedLEB()
        guard length > 0, length <= UInt64(cursor.remaining) else {
            throw cursor.error(.malformed, "an extended opcode has \(length) bytes", at: start)
        }
        let end = cursor.offset + Int(length)
        defer { cursor.offset = end }
        switch try cursor.read(UInt8.self) {
        case 1:
            var last = row
            last.isEnd = true
            row = LineRow(isStatement: program.isStatementByDefault)
            return last
        case 2:
            let size = Int(length) - 1
            guard size == 4 || size == 8 else {
                throw cursor.error(.malformed, "a line table sets an address of \(size) bytes", at: start)
            }
            row.address = try cursor.address(size: size)
            row.operation = 0
        default: break
        }
        return nil
    }

    private mutating func advance(by count: UInt64) {
        let length = UInt64(program.minimumInstructionLength)
        let most = UInt64(max(1, program.mostOperations))
        let operations = row.operation &+ count
        row.address = row.address.advanced(by: length &* (operations / most))
        row.operation = operations % most
    }
}
