// SPDX-License-Identifier: Apache-2.0

import Bytes
import ELF
import TestSupport
import Testing

@Suite("Rewriting objects", .enabled(if: CompiledC.isPossible, "needs clang"))
struct ELFRewriterTests {
    @Test("drops debug sections and keeps what programs need", arguments: ["bpfel", "bpfeb"])
    func strips(target: String) throws {
        let old = try ELFFile(TestProgram.object(target: target))
        var rewriter = try ELFRewriter(old)
        rewriter.dropDebugInformation()
        let types = try #require(old.section(named: ".BTF"))
        rewriter.replace(sectionAt: types.index, with: [1, 2, 3])
        let bytes = try rewriter.encode()
        #expect(try rewriter.encode() == bytes)
        let new = try ELFFile(OwnedBytes(bytes))
        try new.requireBPFObject()
        #expect(new.order == old.order)
        #expect(!new.sections.contains { $0.name.contains(".debug_") || $0.name == ".llvm_addrsig" })
        #expect(try new.contents(of: #require(new.section(named: ".BTF"))).array == [1, 2, 3])
        #expect(new.section(named: ".rel.BTF") == nil)
        let code = try #require(old.section(named: "tp/one"))
        let newCode = try #require(new.section(named: "tp/one"))
        #expect(try new.contents(of: newCode).array == old.contents(of: code).array)
        let (oldSymbols, newSymbols) = (try old.symbols(), try new.symbols())
        func names(_ file: ELFFile, _ section: ELFSection, _ symbols: [ELFSymbol]) throws -> [String] {
            try file.relocations(of: section).map { relocation in
                let symbol = symbols[relocation.symbolIndex]
                let home = symbol.sectionIndex.map { file.sections[$0].name } ?? "-"
                return "\(relocation.offset) \(relocation.type) \(symbol.name) \(home) \(symbol.value)"
            }
        }
        #expect(try names(new, newCode, newSymbols) == names(old, code, oldSymbols))
        #expect(newSymbols.contains { $0.name == "two" && $0.sectionIndex == newCode.index })
        // Local symbols come first, and the table says how many.
        let locals = newSymbols.prefix { $0.binding == .local }.count
        #expect(!newSymbols[locals...].contains { $0.binding == .local })
        #expect(new.section(named: ".symtab")?.info == UInt32(locals))
        #expect(bytes.count < old.bytes.count)
    }

    @Test("leaving out a section that a relocation needs is refused")
    func dangling() throws {
        let file = try ELFFile(TestProgram.object())
        var rewriter = try ELFRewriter(file)
        rewriter.drop { $0.name == ".maps" }
        let error = #expect(throws: ELFError.self) { _ = try rewriter.encode() }
        #expect(error?.code == .notFound)
    }
}
