// SPDX-License-Identifier: Apache-2.0

import Bytes
import ELF
import Testing

@Suite("ELF files are written from their parts")
struct ELFWriterTests {
    private static func writer(_ order: ByteOrder) -> ELFWriter {
        var writer = ELFWriter(order: order, machine: ELFFile.machineBPF)
        writer.add(ELFWriter.Section(name: ".strtab", contents: .strings))
        let code = writer.add(
            ELFWriter.Section(name: "xdp", contents: .bytes([UInt8](repeating: 7, count: 24)), flags: 0x6, alignment: 8)
        )
        writer.add(ELFWriter.Section(name: ".bss", contents: .zeros(1 << 20), flags: 0x3, alignment: 4))
        writer.add(ELFWriter.Section(name: ".symtab", contents: .symbols, alignment: 8))
        let global = writer.add(
            ELFWriter.Symbol(name: "drop", home: .section(code), value: 8, size: 16, type: .function, binding: .global))
        let missing = writer.add(ELFWriter.Symbol(name: "elsewhere", home: .undefined, binding: .weak))
        writer.add(ELFWriter.Symbol(name: "inner", home: .section(code), type: .function))
        writer.add(
            ELFWriter.Section(
                name: ".relxdp",
                contents: .relocations(
                    [.init(offset: 0, type: 10, symbol: global), .init(offset: 8, type: 1, symbol: missing)], of: code,
                    withAddends: false)))
        return writer
    }

    @Test("What was written is read back, in both byte orders", arguments: [ByteOrder.little, .big])
    func roundTrip(order: ByteOrder) throws {
        let bytes = try Self.writer(order).encode()
        let file = try ELFFile(OwnedBytes(bytes))
        try file.requireBPFObject()
        #expect(file.order == order)
        #expect(file.sections.map(\.name) == ["", ".strtab", "xdp", ".bss", ".symtab", ".relxdp"])
        let code = try #require(file.section(named: "xdp"))
        #expect(try file.contents(of: code).array == [UInt8](repeating: 7, count: 24))
        #expect(code.offset % 8 == 0)
        #expect(file.section(named: ".bss")?.size == 1 << 20)
        #expect(bytes.count < 2048)
        let symbols = try file.symbols()
        // Local symbols come first, whatever the order in which they were added.
        #expect(symbols.map(\.name) == ["", "inner", "drop", "elsewhere"])
        #expect(symbols[2].value == 8)
        #expect(symbols[2].binding == .global)
        #expect(symbols[3].isUndefined)
        let relocations = try file.relocations(of: code)
        #expect(relocations.map { symbols[$0.symbolIndex].name } == ["drop", "elsewhere"])
        #expect(relocations.map(\.type) == [10, 1])
        // Equal parts make equal files.
        #expect(try Self.writer(order).encode() == bytes)
    }

    @Test("Names that are equal for people but not in bytes stay two")
    func canonicalNames() throws {
        let names = ["caf\u{e9}", "cafe\u{301}"]
        var writer = ELFWriter(order: .little, machine: ELFFile.machineBPF)
        writer.add(ELFWriter.Section(name: ".strtab", contents: .strings))
        for name in names { writer.add(ELFWriter.Section(name: name, contents: .bytes([]))) }
        let sections = try ELFFile(OwnedBytes(writer.encode())).sections.suffix(2)
        #expect(sections.map { Array($0.name.utf8) } == names.map { Array($0.utf8) })
    }

    @Test("A static probe is read whole when its provider's name is no UTF-8")
    func staticProbe() throws {
        var note: [UInt8] = []
        let text: [UInt8] = [0x70, 0xff, 0xff, 0, 0x6e, 0xfe, 0] + Array("8@%rdi\0".utf8)
        for word in [UInt32(8), UInt32(24 + text.count), 3] { note.append(word, order: .little) }
        note += Array("stapsdt\0".utf8)
        for word in [UInt64(0x1000), 0, 0] { note.append(word, order: .little) }
        note += text + [UInt8](repeating: 0, count: 3 - (text.count + 3) % 4)
        var writer = ELFWriter(order: .little, machine: ELFFile.machineX86)
        writer.add(ELFWriter.Section(name: ".strtab", contents: .strings))
        writer.add(
            ELFWriter.Section(name: ".note.stapsdt", contents: .bytes(note), type: ELFSection.note, alignment: 4))
        let probe = try #require(ELFFile(OwnedBytes(writer.encode())).staticProbes().first)
        #expect(probe.provider == "p\u{fffd}\u{fffd}" && probe.name == "n\u{fffd}")
        #expect(probe.arguments == "8@%rdi" && probe.address == 0x1000)
    }

    @Test("Numbers that lead nowhere are errors")
    func refused() {
        var empty = ELFWriter(machine: ELFFile.machineBPF)
        #expect(throws: ELFError.self) { try empty.encode() }
        empty.add(ELFWriter.Section(name: ".strtab", contents: .strings))
        empty.add(ELFWriter.Symbol(name: "lost", home: .section(7)))
        #expect(throws: ELFError.self) { try empty.encode() }
        var writer = Self.writer(.little)
        writer.add(
            ELFWriter.Section(
                name: ".relbad",
                contents: .relocations([.init(offset: 0, type: 1, symbol: 99)], of: 2, withAddends: false)))
        #expect(throws: ELFError.self) { try writer.encode() }
    }
}
