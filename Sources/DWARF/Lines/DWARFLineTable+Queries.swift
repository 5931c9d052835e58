// SPDX-License-Identifier: Apache-2.0

/// A place in source.
public struct DWARFSourceLocation: Sendable, Hashable {
    /// The file with its path, whole as far as the debug information tells it.
    public let file: String
    /// The line, starting at 1; 0 for instructions that belong to no line.
    public let line: UInt64
    /// The column, starting at 1; 0 when unknown.
    public let column: UInt64
}

/// One row of the line table: from this address on, instructions belong to this line.
public struct DWARFLineRow: Sendable, Hashable {
    /// The address.
    public let address: DWARFAddress
    /// The place in source.
    public let location: DWARFSourceLocation
    /// A debugger would stop here.
    public let isStatement: Bool
    /// The address is the one after the sequence's last instruction; the place says nothing.
    public let isEndOfSequence: Bool
}

extension DWARFLineTable {
    /// How many rows one question looks at or answers.
    private static let mostRows = 1 << 24

    /// The place in source of the instruction at an address; `nil` when the table does not cover it.
    ///
    /// - Complexity: O(number of rows of the function or file that the address is in).
    /// - Throws: ``DWARFError`` when the program is malformed.
    public func location(of address: DWARFAddress) throws(DWARFError) -> DWARFSourceLocation? {
        // The last sequence that starts at or before the address; sequences do not overlap.
        var low = 0
        var high = sequences.count
        let wanted = (address.section ?? -1, address.value)
        while low < high {
            let middle = (low + high) / 2
            let sequence = sequences[middle]
            if (sequence.section ?? -1, sequence.start) <= wanted { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let sequence = sequences[low - 1]
        guard sequence.section == address.section, address.value < sequence.end else { return nil }
        let program = programs[sequence.program]
        var machine = LineMachine(program, section: section, at: sequence.opcodes)
        var covering: LineRow?
        for _ in 0..<Self.mostRows {
            guard let row = try machine.next() else { break }
            if row.address.value > address.value || row.isEnd { break }
            covering = row
        }
        guard let covering else { return nil }
        return DWARFSourceLocation(
            file: program.path(ofFile: covering.file) ?? "", line: covering.line, column: covering.column)
    }

    /// All rows of a section, in the order of the file; `nil` for all of an executable.
    ///
    /// - Throws: ``DWARFError`` when a program is malformed, or has more than 16 million rows.
    public func rows(inSection index: Int?) throws(DWARFError) -> [DWARFLineRow] {
        var rows: [DWARFLineRow] = []
        for sequence in sequences where sequence.section == index {
            let program = programs[sequence.program]
            var paths: [UInt64: String] = [:]
            var machine = LineMachine(program, section: section, at: sequence.opcodes)
            while let row = try machine.next() {
                let path: String
                if let known = paths[row.file] {
                    path = known
                } else {
                    path = program.path(ofFile: row.file) ?? ""
                    paths[row.file] = path
                }
                rows.append(
                    DWARFLineRow(
                        address: row.address,
                        location: DWARFSourceLocation(file: path, line: row.line, column: row.column),
                        isStatement: row.isStatement, isEndOfSequence: row.isEnd))
                guard rows.count <= Self.mostRows else {
                    throw machine.cursor.error(.tooLarge, "the line table has more than \(Self.mostRows) rows")
                }
                if row.isEnd { break }
            }
        }
        return rows
    }
}
