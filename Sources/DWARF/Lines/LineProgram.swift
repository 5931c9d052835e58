// SPDX-License-Identifier: Apache-2.0

/// The header of one line number program: what its opcodes mean and which files it names (DWARF 5 section 6.2.4).
struct LineProgram: Sendable {
    let offset: Int
    let version: UInt16
    let addressSize: Int
    let minimumInstructionLength: UInt8
    let mostOperations: UInt8
    let isStatementByDefault: Bool
    let lineBase: Int8
    let lineRange: UInt8
    let operandCounts: [UInt8]
    let opcodes: Range<Int>
    private let directories: [String]
    private let files: [File]
    private let compilationDirectory: String

    struct File: Sendable {
        let name: String
        let directory: UInt64
    }

    init(
        _ cursor: inout Cursor, sections: DebugSections, directories known: [UInt64: String], names: inout NameBudget
    ) throws(DWARFError) {
        offset = cursor.offset
        let (offsetSize, end) = try cursor.enterUnit()
        version = try cursor.read()
        guard (2...5).contains(version) else {
            throw cursor.error(.unsupported, "line tables of version \(version) are not supported", at: offset)
        }
        var addressSize = 8
        if version >= 5 {
            addressSize = Int(try cursor.read(UInt8.self))
            try cursor.skip(1)
            guard addressSize == 4 || addressSize == 8 else {
                throw cursor.error(.unsupported, "a line table has addresses of \(addressSize) bytes", at: offset)
            }
        }
        self.addressSize = addressSize
        let headerLength = try cursor.unsigned(size: offsetSize)
        guard headerLength <= UInt64(cursor.remaining) else {
            throw cursor.error(.outOfBounds, "a line table's header reaches past its end", at: offset)
        }
        opcodes = cursor.offset + Int(headerLength)..<end
        minimumInstructionLength = try cursor.read()
        mostOperations = version >= 4 ? try cursor.read() : 1
        isStatementByDefault = try cursor.read(UInt8.self) != 0
        lineBase = try cursor.read()
        lineRange = try cursor.read()
        guard lineRange != 0 else { throw cursor.error(.malformed, "a line table has a line range of 0", at: offset) }
        let opcodeBase = try cursor.read(UInt8.self)
        var counts: [UInt8] = [0]
        for _ in 1..<max(1, Int(opcodeBase)) { counts.append(try cursor.read()) }
        operandCounts = counts
        compilationDirectory = known[UInt64(offset)] ?? ""
        if version >= 5 {
            let encoding = UnitEncoding(version: 5, addressSize: addressSize, offsetSize: offsetSize, start: offset)
            directories = try Self.entries(&cursor, sections: sections, encoding: encoding, &names).map(\.name)
            files = try Self.entries(&cursor, sections: sections, encoding: encoding, &names)
        } else {
            (directories, files) = try Self.oldEntries(&cursor)
        }
    }

    /// A file's whole path, as far as the table and the unit tell it.
    func path(ofFile index: UInt64) -> String? {
        // Before version 5 the numbering of files starts at 1, and folder 0 is where the compiler ran.
        guard let position = Int(exactly: version >= 5 ? index : index &- 1), position < files.count else { return nil }
        let file = files[position]
        if file.name.hasPrefix("/") { return file.name }
        var path = file.name
        let start = version >= 5 ? directories.first ?? compilationDirectory : compilationDirectory
        if version >= 5 || file.directory > 0 {
            let at = Int(exactly: version >= 5 ? file.directory : file.directory - 1) ?? .max
            if at < directories.count, !directories[at].isEmpty { path = directories[at] + "/" + path }
        }
        if path.hasPrefix("/") || start.isEmpty || (version >= 5 && file.directory == 0) { return path }
        return start + "/" + path
    }

    /// The table of folders or files of version 5, which says itself what it holds.
    private static func entries(
        _ cursor: inout Cursor, sections: DebugSections, encoding: UnitEncoding, _ names: inout NameBudget
    ) throws(DWARFError) -> [File] {
        var formats: [(content: UInt64, form: UInt16)] = []
        for _ in 0..<(try cursor.read(UInt8.self)) {
            let content = try cursor.unsignedLEB()
            let form = try cursor.unsignedLEB()
            // Forms without bytes would let a small file ask for any number of entries.
            guard let form = UInt16(exactly: form), ![0x19, Form.implicitConstant, Form.indirect].contains(form) else {
                throw cursor.error(.malformed, "a line table's files have form \(form)")
            }
            formats.append((content, form))
        }
        let count = try cursor.unsignedLEB()
        guard count == 0 || !formats.isEmpty, count <= UInt64(cursor.remaining) else {
            throw cursor.error(.malformed, "a line table names \(count) files in \(cursor.remaining) bytes")
        }
        var entries: [File] = []
        for _ in 0..<count {
            var name = ""
            var directory: UInt64 = 0
            for format in formats {
                let value = try cursor.value(form: format.form, encoding: encoding)
                switch (format.content, value) {
                case (1, .string(.here(let offset))): name = try sections.lines.string(at: UInt64(offset))
                case (1, .string(.strings(let offset))): name = try sections.strings.string(at: offset)
                case (1, .string(.lineStrings(let offset))): name = try sections.lineStrings.string(at: offset)
                case (2, _): directory = value.unsigned ?? 0
                default: break
                }
            }
            entries.append(File(name: try names.spend(name), directory: directory))
        }
        return entries
    }

    /// The tables before version 5: strings that end with an empty one.
    private static func oldEntries(_ cursor: inout Cursor) throws(DWARFError) -> ([String], [File]) {
        var directories: [String] = []
        while true {
            let name = try cursor.string()
            if name.isEmpty { break }
            directories.append(name)
        }
        var files: [File] = []
        while true {
            let name = try cursor.string()
            if name.isEmpty { break }
            files.append(File(name: name, directory: try cursor.unsignedLEB()))
            _ = try cursor.unsignedLEB()
            _ = try cursor.unsignedLEB()
        }
        return (directories, files)
    }
}
