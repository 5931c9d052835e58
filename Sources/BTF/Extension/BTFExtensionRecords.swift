// SPDX-License-Identifier: Apache-2.0

/// The records of one kind that belong to one section of code.
public struct BTFExtensionSection<Record: Sendable>: Sendable {
    /// The name of the section, such as `xdp` or `.text`.
    public var sectionName: String
    /// The records, in the order of the file.
    public var records: [Record]

    /// Makes a section's records.
    public init(sectionName: String, records: [Record]) {
        self.sectionName = sectionName
        self.records = records
    }
}

/// Where a function starts: `struct bpf_func_info`.
public struct BTFFunctionInformation: Sendable, Hashable {
    /// The first instruction, as an offset in bytes from the start of its section.
    public var instructionOffset: UInt32
    /// The id of the function.
    public var type: BTFTypeID

    /// Makes a record.
    public init(instructionOffset: UInt32, type: BTFTypeID) {
        self.instructionOffset = instructionOffset
        self.type = type
    }
}

/// Where a line of source starts: `struct bpf_line_info`.
public struct BTFLineInformation: Sendable, Hashable {
    /// The first instruction, as an offset in bytes from the start of its section.
    public var instructionOffset: UInt32
    /// The file's name, as an offset for ``BTFTable/string(at:)``.
    public var fileNameOffset: UInt32
    /// The line's text, as an offset for ``BTFTable/string(at:)``.
    public var lineOffset: UInt32
    /// The line's number, from 1.
    public var line: UInt32
    /// The column, from 1; 0 when it is not known.
    public var column: UInt32

    /// Makes a record.
    public init(
        instructionOffset: UInt32, fileNameOffset: UInt32, lineOffset: UInt32, line: UInt32, column: UInt32
    ) {
        self.instructionOffset = instructionOffset
        self.fileNameOffset = fileNameOffset
        self.lineOffset = lineOffset
        self.line = line
        self.column = column
    }
}
