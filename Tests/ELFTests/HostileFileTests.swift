// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics
import ELF
import TestSupport
import Testing

@Suite("Refusing what is not supported", .enabled(if: CompiledC.isPossible, "needs clang"))
struct HostileFileTests {
    private static let bytes = try? TestProgram.object().array

    private func bytes() throws -> [UInt8] { try #require(Self.bytes) }

    private func refusal(_ change: (inout [UInt8]) throws -> Void) throws -> ELFError {
        var changed = try bytes()
        try change(&changed)
        let file = OwnedBytes(changed)
        return try #require(#expect(throws: ELFError.self) { _ = try ELFFile(file) })
    }

    private func sectionTable(of bytes: [UInt8]) throws -> Int {
        let offset: UInt64? = OwnedBytes(bytes).span.integer(at: 40, as: UInt64.self, order: .little)
        return Int(try #require(offset))
    }

    /// The file offset of a section's entry in the section table.
    private func entry(_ name: String) throws -> Int {
        let bytes = OwnedBytes(try bytes())
        let section = try #require(ELFFile(bytes).section(named: name))
        return try sectionTable(of: bytes.array) + section.index * 64
    }

    @Test("an empty file and a script are no ELF files")
    func notELF() {
        for text in ["", "#!/bin/sh\n"] {
            let error = #expect(throws: ELFError.self) { _ = try ELFFile(OwnedBytes([UInt8](text.utf8))) }
            #expect(error?.code == .notELF)
        }
    }

    @Test("32-bit files, wrong versions and unknown byte orders are named")
    func header() throws {
        let narrow = try refusal { $0[4] = 1 }
        #expect(narrow.code == .unsupported && narrow.offset == 4 && narrow.message.contains("32-bit"))
        #expect(try refusal { $0[5] = 3 }.offset == 5)
        #expect(try refusal { $0[6] = 2 }.message.contains("version is 2"))
        #expect(try refusal { $0[20] = 9 }.message.contains("version is 9"))
        #expect(try refusal { $0[58] = 40 }.message.contains("40 bytes, not 64"))
    }

    @Test("a section table past the end is refused, also with the count in the null section")
    func sectionTable() throws {
        let far = try refusal { $0.store(UInt64.max - 100, at: 40, order: .little) }
        #expect(far.code == .outOfBounds)
        let many = try refusal { $0.store(UInt16(0xfeff), at: 60, order: .little) }
        #expect(many.code == .outOfBounds && many.message.contains("65279 entries"))
        let table = try sectionTable(of: try bytes())
        let extended = try refusal {
            $0.store(UInt16(0), at: 60, order: .little)
            $0.store(UInt64.max / 2, at: table + 32, order: .little)
        }
        #expect(extended.code == .outOfBounds)
    }

    @Test("extended section numbering is understood")
    func extendedNumbering() throws {
        var changed = try bytes()
        let table = try sectionTable(of: changed)
        let counts: UInt32? = OwnedBytes(changed).span.integer(at: 60, as: UInt32.self, order: .little)
        let count = try #require(counts) & 0xffff
        let names = try #require(counts) >> 16
        changed.store(UInt16(0), at: 60, order: .little)
        changed.store(UInt16(0xffff), at: 62, order: .little)
        changed.store(UInt64(count), at: table + 32, order: .little)
        changed.store(names, at: table + 40, order: .little)
        let file = try ELFFile(OwnedBytes(changed))
        #expect(file.sections.count == Int(count))
        #expect(file.section(named: "tp/one") != nil)
    }

    @Test("contents past the end name the section and its offset")
    func contents() throws {
        let at = try entry("tp/one")
        let code = try #require(ELFFile(OwnedBytes(bytes())).section(named: "tp/one"))
        let error = try refusal { $0.store(UInt64(1) << 40, at: at + 32, order: .little) }
        #expect(error.section == "tp/one" && error.offset == code.offset)
        #expect(error.context.contains(DiagnosticContext("section", "tp/one")))
        let wrapped = try refusal { $0.store(UInt64.max, at: at + 24, order: .little) }
        #expect(wrapped.code == .outOfBounds)
    }

    @Test("a string table without a final NUL is refused")
    func strings() throws {
        let file = try ELFFile(OwnedBytes(bytes()))
        let table = try #require(file.section(named: ".strtab"))
        let error = try refusal { $0[Int(table.offset + table.size) - 1] = 0x41 }
        #expect(error.message.contains("does not end with a NUL"))
    }

    @Test("compressed sections are refused when their contents are asked for")
    func compressed() throws {
        var changed = try bytes()
        changed.store(UInt64(0x800), at: try entry(".debug_info") + 8, order: .little)
        let file = try ELFFile(OwnedBytes(changed))
        let section = try #require(file.section(named: ".debug_info"))
        let error = #expect(throws: ELFError.self) { _ = try file.contents(of: section) }
        #expect(error?.code == .unsupported && error?.section == ".debug_info")
    }

    @Test("relocations with addends, of a wrong size or past the section are refused")
    func relocations() throws {
        let at = try entry(".reltp/one")
        func error(_ change: (inout [UInt8]) -> Void) throws -> ELFError? {
            var changed = try bytes()
            change(&changed)
            let file = try ELFFile(OwnedBytes(changed))
            let section = try #require(file.section(named: "tp/one"))
            return #expect(throws: ELFError.self) { _ = try file.relocations(of: section) }
        }
        #expect(try error { $0.store(UInt32(4), at: at + 4, order: .little) }?.message.contains("RELA") == true)
        #expect(try error { $0.store(UInt64(24), at: at + 56, order: .little) }?.code == .malformed)
        let offset = Int(try #require(try ELFFile(OwnedBytes(bytes())).section(named: ".reltp/one")).offset)
        #expect(try error { $0.store(UInt64.max, at: offset, order: .little) }?.code == .outOfBounds)
        #expect(try error { $0.store(UInt32.max, at: offset + 12, order: .little) }?.code == .outOfBounds)
    }

    @Test("a symbol past its section's end is refused")
    func symbols() throws {
        let file = try ELFFile(OwnedBytes(bytes()))
        let two = try #require(try file.symbols().first { $0.name == "two" })
        let table = try #require(file.section(named: ".symtab"))
        var changed = try bytes()
        changed.store(UInt64.max, at: Int(table.offset) + two.index * 24 + 16, order: .little)
        let broken = try ELFFile(OwnedBytes(changed))
        let error = #expect(throws: ELFError.self) { _ = try broken.symbols() }
        #expect(error?.message.contains("reaches past the end of section tp/one") == true)
    }
}
