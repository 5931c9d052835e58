// SPDX-License-Identifier: Apache-2.0

public import ELF

/// Tells which line of source an instruction came from.
///
/// Only the sequences are indexed when it is made; the rows of one are computed anew when they are asked for, so a table
/// of hundreds of megabytes costs little memory. Reads versions 2 to 5, of relocatable files and of executables.
///
/// ```swift
/// let table = try DWARFLineTable(file)
/// if let place = try table.location(of: DWARFAddress(section: nil, value: address)) {
///     print("\(place.file):\(place.line)")
/// }
/// ```
public final class DWARFLineTable: Sendable {
    let section: DebugSection
    let programs: [LineProgram]
    let sequences: [LineSequence]
    /// Programs by their offset, as units name them.
    private let numbers: [UInt64: Int]

    /// More functions than any program has.
    private static let mostSequences = 1 << 22

    /// Indexes the line table of a file. Paths of DWARF 4 are whole when the units can be read too.
    ///
    /// - Throws: ``DWARFError`` when the file has no line table or a malformed one.
    public convenience init(_ file: ELFFile) throws(DWARFError) {
        let sections = try DebugSections(file)
        guard sections.lines.count > 0 else {
            throw DWARFError(
                .missing, "the file has no line table", section: ".debug_line", hint: "compile it with -g")
        }
        var names = NameBudget(sections)
        let directories = sections.compilationDirectories(&names)
        try self.init(sections, directories: directories, names: &names)
    }

    init(
        _ sections: DebugSections, directories: [UInt64: String], names: inout NameBudget
    ) throws(DWARFError) {
        section = sections.lines
        var programs: [LineProgram] = []
        var sequences: [LineSequence] = []
        var numbers: [UInt64: Int] = [:]
        var offset = 0
        while offset < section.count {
            var cursor = Cursor(section, at: offset)
            let program = try LineProgram(&cursor, sections: sections, directories: directories, names: &names)
            numbers[UInt64(offset)] = programs.count
            offset = cursor.end
            try Self.index(program, number: programs.count, section: section, into: &sequences)
            programs.append(program)
        }
        sequences.sort { ($0.section ?? -1, $0.start) < ($1.section ?? -1, $1.start) }
        self.programs = programs
        self.sequences = sequences
        self.numbers = numbers
    }

    private static func index(
        _ program: LineProgram, number: Int, section: DebugSection, into sequences: inout [LineSequence]
    ) throws(DWARFError) {
        var machine = LineMachine(program, section: section)
        var start = machine.cursor.offset
        var first: LineRow?
        while let row = try machine.next() {
            let lowest = first ?? row
            first = lowest
            guard row.isEnd else { continue }
            // A linker leaves the lines of functions that it dropped, at address 0 or close to it.
            let isDropped = lowest.address.section == nil && lowest.address.value == 0
            if row.address.value > lowest.address.value, !isDropped {
                sequences.append(
                    LineSequence(
                        program: number, opcodes: start, section: lowest.address.section, start: lowest.address.value,
                        end: row.address.value))
                guard sequences.count <= mostSequences else {
                    throw machine.cursor.error(.tooLarge, "the line table has more than \(mostSequences) sequences")
                }
            }
            start = machine.cursor.offset
            first = nil
        }
    }

    /// A file's whole path by its number in the program that a unit names.
    func path(ofFile index: UInt64, inProgramAt offset: UInt64) -> String? {
        numbers[offset].flatMap { programs[$0].path(ofFile: index) }
    }
}

/// A run of rows with rising addresses: where to start computing it, and what it covers.
struct LineSequence: Sendable {
    let program: Int
    let opcodes: Int
    let section: Int?
    let start: UInt64
    let end: UInt64
}
