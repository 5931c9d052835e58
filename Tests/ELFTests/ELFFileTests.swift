// SPDX-License-Identifier: Apache-2.0

import Bytes
import ELF
import TestSupport
import Testing

@Suite("Reading BPF objects", .enabled(if: CompiledC.isPossible, "needs clang"))
struct ELFFileTests {
    @Test("reads sections, symbols and relocations of either byte order", arguments: ["bpfel", "bpfeb"])
    func readsObject(target: String) throws {
        let file = try ELFFile(TestProgram.object(target: target))
        try file.requireBPFObject()
        #expect(file.order == (target == "bpfel" ? .little : .big))
        let code = try #require(file.section(named: "tp/one"))
        #expect(code.isExecutable && code.isAllocated && !code.isWritable)
        let symbols = try file.symbols()
        let two = try #require(symbols.first { $0.name == "two" })
        #expect(two.type == .function && two.binding == .global && two.sectionIndex == code.index)
        #expect(two.value > 0 && two.value + two.size == code.size)
        let relocations = try file.relocations(of: code)
        #expect(relocations.map { symbols[$0.symbolIndex].name }.contains("counts"))
        #expect(relocations.allSatisfy { $0.addend == nil })
        let license = try file.contents(of: #require(file.section(named: "license")))
        #expect(license.span.cString(at: 0) == "Dual BSD/GPL")
        let zeroed = try #require(file.section(named: ".bss"))
        #expect(zeroed.size == 4 && zeroed.isZeroFilled)
        #expect(try file.contents(of: zeroed).count == 0)
    }

    @Test("says what a file is that is no BPF object")
    func refusesOtherMachines() throws {
        let file = try ELFFile(CompiledC.compile("int x;", ["-c"]))
        let error = #expect(throws: ELFError.self) { try file.requireBPFObject() }
        #expect(error?.code == .wrongKind)
        #expect(error?.message.contains("not a BPF object") == true)
    }

    @Test("no prefix of an object is accepted in silence or crashes")
    func truncation() throws {
        let bytes = try TestProgram.object().array
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: ELFError.self) { try ELFFile(OwnedBytes(Array(bytes[..<count]))) }
        }
    }

    @Test("no single changed byte crashes the reader or the rewriter")
    func mutation() throws {
        let bytes = try TestProgram.object().array
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                // The header and the section table are where it hurts most.
                let table = max(0, bytes.count - 2000)..<bytes.count
                let at = Bool.random() ? Int.random(in: 0..<64) : Int.random(in: table)
                changed[at] = [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255)].randomElement() ?? 0
            }
            guard let file = try? ELFFile(OwnedBytes(changed)) else { continue }
            _ = try? file.symbols()
            _ = try? file.dynamicSymbols()
            _ = try? file.notes()
            _ = try? file.debugLink()
            _ = try? file.locate(symbol: "one")
            for section in file.sections {
                _ = try? file.contents(of: section)
                _ = try? file.relocations(of: section)
            }
            _ = try? ELFRewriter(file).encode()
        }
    }
}
