// SPDX-License-Identifier: Apache-2.0

import Bytes
import ELF
import TestSupport
import Testing

@testable import DWARF

@Suite("Hostile debug information", .enabled(if: CompiledC.isPossible, "needs clang"))
struct HostileDebugInformationTests {
    /// Asks all that can be asked.
    private func exercise(_ bytes: [UInt8]) {
        guard let file = try? ELFFile(OwnedBytes(bytes)) else { return }
        if let table = try? DWARFLineTable(file) { exercise(table, of: file) }
        guard let information = try? DWARFInformation(file) else { return }
        exercise(information.lines, of: file)
        _ = try? information.functions()
        for section in file.sections where section.isExecutable {
            for offset in stride(from: 0, to: min(section.size, 400), by: 64) {
                for variable in (try? information.variables(inSection: section.index, at: offset)) ?? [] {
                    walk(variable.type, of: information)
                }
            }
        }
        for variable in (try? information.globalVariables()) ?? [] { walk(variable.type, of: information) }
        if let event = try? information.structure(named: "event") { walk(event, of: information) }
    }

    private func exercise(_ table: DWARFLineTable, of file: ELFFile) {
        for section in file.sections where section.isExecutable {
            _ = try? table.rows(inSection: section.index)
            _ = try? table.location(of: DWARFAddress(section: section.index, value: 16))
        }
    }

    private func walk(_ id: DWARFTypeID, of information: DWARFInformation) {
        _ = try? information.size(of: id)
        _ = try? information.summary(of: id)
        _ = try? information.definition(of: id)
        guard let type = try? information.type(id) else { return }
        if case .structure(let composite) = type {
            for member in composite.members { _ = try? information.summary(of: member.type) }
        }
    }

    @Test("no changed byte of a debug section crashes or hangs", arguments: [4, 5])
    func mutation(version: Int) throws {
        let bytes = try TestProgram.object(["-gdwarf-\(version)"]).array
        let file = try ELFFile(OwnedBytes(bytes))
        let sections = file.sections.filter { $0.name.hasPrefix(".debug_") || $0.name.hasPrefix(".rel.debug_") }
        for round in 0..<100 {
            var changed = bytes
            let section = sections[round % sections.count]
            guard section.size > 0 else { continue }
            for _ in 0..<Int.random(in: 1...3) {
                let at = Int(section.offset) + Int.random(in: 0..<Int(section.size))
                changed[at] = [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255)].randomElement() ?? 0
            }
            exercise(changed)
        }
    }

    /// A BPF object with the given sections.
    private func object(
        information: [UInt8], abbreviations: [UInt8], lines: [UInt8] = [], strings: [UInt8] = []
    ) throws -> ELFFile {
        let plain = try ELFFile(TestProgram.object(["-gdwarf-4"]))
        var rewriter = try ELFRewriter(plain)
        for (name, contents) in [
            (".debug_info", information), (".debug_abbrev", abbreviations), (".debug_line", lines),
            (".debug_str", strings),
        ] {
            rewriter.replace(sectionAt: try #require(plain.section(named: name)).index, with: contents)
        }
        return try ELFFile(OwnedBytes(rewriter.encode()))
    }

    /// A version 4 unit around entries.
    private func unit(_ entries: [UInt8], length: UInt32? = nil, abbreviation: UInt32 = 0) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(length ?? UInt32(entries.count + 7), order: .little)
        bytes.append(UInt16(4), order: .little)
        bytes.append(abbreviation, order: .little)
        bytes.append(8)
        return bytes + entries
    }

    // Code 1: a unit with children. Code 2: a typedef without name. Code 3: a subprogram with an abstract origin.
    // Code 4: a structure with size, name and children. Code 5: a bit field of the old kind.
    private let abbreviations: [UInt8] = [
        1, 0x11, 1, 0, 0,
        2, 0x16, 0, 0x49, 0x13, 0, 0,
        3, 0x34, 0, 0x31, 0x13, 0x02, 0x18, 0, 0,
        4, 0x13, 1, 0x03, 0x08, 0x0b, 0x0b, 0, 0,
        5, 0x0d, 0, 0x49, 0x13, 0x0d, 0x0b, 0x0c, 0x0b, 0, 0,
        0,
    ]

    @Test("a typedef of itself is refused instead of followed for ever")
    func cycle() throws {
        // The first entry is at offset 11, so the typedef is at 12, and the structure that uses it at 17.
        let entries: [UInt8] = [1, 2, 12, 0, 0, 0, 4, 0x65, 0, 8, 5, 17, 0, 0, 0, 3, 29, 5, 12, 0, 0, 0, 3, 29, 0, 0]
        let information = try DWARFInformation(object(information: unit(entries), abbreviations: abbreviations))
        let id = try #require(try information.structure(named: "e"))
        guard case .structure(let composite)? = try? information.type(id) else {
            // The second member's type has no end, and its size is needed for an old bit field.
            #expect(throws: DWARFError.self) { _ = try information.type(id) }
            return
        }
        Issue.record("a member of endless type was accepted: \(composite)")
    }

    @Test("an abstract origin of itself ends")
    func origin() throws {
        let entries: [UInt8] = [1, 3, 12, 0, 0, 0, 9, 3] + [UInt8](repeating: 0, count: 8) + [0]
        let information = try DWARFInformation(object(information: unit(entries), abbreviations: abbreviations))
        let globals = try information.globalVariables()
        #expect(globals.map(\.name) == [""])
    }

    @Test(
        "constants of every width are read", arguments: [(0x08, 1), (0x0a, 2), (0x0c, 4), (0x0e, 8)] as [(UInt8, Int)])
    func constants(operation: UInt8, size: Int) throws {
        // A variable whose address is the constant that the operation has as its operand.
        let table: [UInt8] = [1, 0x11, 1, 0, 0, 2, 0x34, 0, 0x02, 0x18, 0, 0, 0]
        let operand = [0x81] + [UInt8](repeating: 0, count: size - 1)
        let entries: [UInt8] = [1, 2, UInt8(size + 1), operation] + operand + [0]
        let information = try DWARFInformation(object(information: unit(entries), abbreviations: table))
        #expect(try information.globalVariables().map(\.address) == [DWARFAddress(section: nil, value: 0x81)])
    }

    @Test("names that all units and line tables share are not copied without end")
    func sharedNames() throws {
        let strings = [UInt8](repeating: 0x61, count: 100_000) + [0]
        let table: [UInt8] = [1, 0x11, 1, 0x03, 0x0e, 0, 0, 0]
        let units = (0..<200).flatMap { _ in unit([1, 0, 0, 0, 0, 0]) }
        let named = try object(information: units, abbreviations: table, strings: strings)
        #expect(#expect(throws: DWARFError.self) { _ = try DWARFInformation(named) }?.code == .tooLarge)
        // Version 5: no folders; files have one field, a path in .debug_str, and there is one.
        let header: [UInt8] = [1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 0x0e, 1, 0, 0, 0, 0]
        var lines: [UInt8] = []
        for _ in 0..<200 {
            lines.append(UInt32(header.count + 8), order: .little)
            lines += [5, 0, 8, 0]
            lines.append(UInt32(header.count), order: .little)
            lines += header
        }
        let file = try object(
            information: unit([1, 0]), abbreviations: abbreviations, lines: lines, strings: strings)
        #expect(#expect(throws: DWARFError.self) { _ = try DWARFLineTable(file) }?.code == .tooLarge)
    }

    @Test("functions whose code overlaps are all found, and asking about thousands of them ends")
    func overlappingFunctions() throws {
        // Code 2: a function with a first address, a size and children; code 3: a variable with a name.
        let table: [UInt8] = [
            1, 0x11, 1, 0, 0, 2, 0x2e, 1, 0x11, 0x01, 0x12, 0x0b, 0, 0, 3, 0x34, 0, 0x03, 0x08, 0, 0, 0,
        ]
        func function(_ start: UInt64, _ size: UInt8, _ variable: UInt8) -> [UInt8] {
            var bytes: [UInt8] = [2]
            bytes.append(start, order: .little)
            return bytes + [size, 3, variable, 0, 0]
        }
        let entries: [UInt8] =
            [1] + function(30, 10, 0x63) + function(0, 100, 0x61) + function(10, 10, 0x62) + function(0, 5, 0x64)
        let information = try DWARFInformation(object(information: unit(entries + [0]), abbreviations: table))
        for (offset, expected) in [(0, "ad"), (4, "ad"), (5, "a"), (15, "ab"), (35, "ca"), (99, "a"), (100, "")] {
            let found = try information.variables(inSection: nil, at: UInt64(offset))
            #expect(found.map(\.name).joined() == expected, "at \(offset)")
        }
        let many: [UInt8] = [1] + (0..<2000).flatMap { _ in function(0, 100, 0x61) }
        let crowded = try DWARFInformation(object(information: unit(many + [0]), abbreviations: table))
        let error = #expect(throws: DWARFError.self) {
            for _ in 0..<100_000 { _ = try crowded.functions(at: DWARFAddress(section: nil, value: 50)) }
        }
        #expect(error?.code == .tooLarge)
    }

    @Test("units that reach past the section's end or have an unknown version are named")
    func units() throws {
        func error(_ bytes: [UInt8], _ table: [UInt8]? = nil) throws -> DWARFError {
            let file = try object(information: bytes, abbreviations: table ?? abbreviations)
            return try #require(#expect(throws: DWARFError.self) { _ = try DWARFInformation(file) })
        }
        let long = try error(unit([1, 0], length: 0x1000))
        #expect(long.code == .outOfBounds && long.section == ".debug_info" && long.offset == 0)
        #expect(try error(unit([1, 0], length: 0xffff_fff5)).code == .malformed)
        var old = unit([1, 0])
        old[4] = 3
        #expect(try error(old).code == .unsupported)
        #expect(try error(unit([9, 0])).message.contains("abbreviation 9"))
        #expect(try error(unit([1, 0], abbreviation: 0x1000)).code == .outOfBounds)
        #expect(try error(unit([1, 0]), [1, 0x11, 1, 0x80]).code == .outOfBounds)
        let overlong = [UInt8](repeating: 0x80, count: 40) + [1, 0x11, 1, 0, 0, 0]
        #expect(try error(unit([1, 0]), overlong).message.contains("LEB128"))
        var many: [UInt8] = [1, 0x11, 1]
        for _ in 0..<400 { many += [0x3f, 0x19] }
        many += [0, 0, 0]
        #expect(try error(unit([1, 0]), many).code == .tooLarge)
        let deep = [UInt8](repeating: 1, count: 5000)
        #expect(try error(unit(deep)).code == .tooLarge)
    }

    @Test("line programs with a zero range, absurd file counts and endless addresses are refused or bounded")
    func lines() throws {
        // Version 5, 8-byte addresses; then the header up to the standard opcodes' operand counts.
        func program(range: UInt8, files: [UInt8], opcodes: [UInt8]) -> [UInt8] {
            let rest: [UInt8] = [1, 1, 1, 0, range, 1] + files
            var body: [UInt8] = [5, 0, 8, 0]
            body.append(UInt32(rest.count), order: .little)
            body += rest + opcodes
            var bytes: [UInt8] = []
            bytes.append(UInt32(body.count), order: .little)
            return bytes + body
        }
        func error(_ bytes: [UInt8]) throws -> DWARFError {
            let file = try object(information: unit([1, 0]), abbreviations: abbreviations, lines: bytes)
            return try #require(#expect(throws: DWARFError.self) { _ = try DWARFLineTable(file) })
        }
        let none: [UInt8] = [0, 0, 0, 0]
        #expect(try error(program(range: 0, files: none, opcodes: [])).message.contains("range of 0"))
        let absurd: [UInt8] = [0, 0xff, 0xff, 0xff, 0xff, 0x0f]
        #expect(try error(program(range: 1, files: absurd, opcodes: [])).code == .malformed)
        #expect(try error(program(range: 1, files: none, opcodes: [0, 0xff, 1])).code == .malformed)
        let file = try object(
            information: unit([1, 0]), abbreviations: abbreviations,
            lines: program(range: 1, files: none, opcodes: [UInt8](repeating: 0xff, count: 100) + [0, 1, 1]))
        _ = try DWARFLineTable(file).rows(inSection: nil)
    }
}
