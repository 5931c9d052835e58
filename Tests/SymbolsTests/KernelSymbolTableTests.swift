// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux
import Symbols
import Testing

@Suite("Kernel symbols")
struct KernelSymbolTableTests {
    private func table(_ text: String) throws -> KernelSymbolTable {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = folder.path + "/kallsyms"
        try Files.write([UInt8](text.utf8), to: path)
        return try KernelSymbolTable(reading: path)
    }

    @Test("names addresses with offset and module")
    func lookup() throws {
        let table = try table(
            """
            0000000000001000 A fixed_percpu_data
            ffffffff81000000 T __pi__text
            ffffffff81000000 T _text
            ffffffff81000100 t do_work
            ffffffffc0002000 t nf_hook\t[nf_tables]
            ffffffffc0001000 t bpf_prog_6deef7357e7b4530_one\t[bpf]
            ffffffff81000200 W weak_one

            """)
        #expect(table.count == 6)
        #expect(table.symbol(at: 0xffff_ffff_8100_0110)?.description == "do_work+0x10")
        #expect(table.symbol(at: 0xffff_ffff_8100_0100)?.description == "do_work")
        #expect(table.symbol(at: 0xffff_ffff_8100_0010)?.name == "_text")
        #expect(table.symbol(at: 0xffff_ffff_c000_2001)?.module == "nf_tables")
        #expect(table.symbol(at: 0xffff_ffff_c000_1001)?.name == "bpf_prog_6deef7357e7b4530_one")
        #expect(table.symbol(at: 0xffff_ffff_8100_0110)?.module == nil)
        #expect(table.symbol(at: 0x1000) == nil)
        #expect(table.symbol(at: 0xffff_ffff_a000_0000) == nil)
        #expect(table.symbol(at: .max) == nil)
        #expect(table.address(of: "do_work") == 0xffff_ffff_8100_0100)
        #expect(table.address(of: "do_wor") == nil)
        #expect(table.address(of: "") == nil)
    }

    @Test("says that the kernel hides its addresses")
    func hidden() throws {
        let error = #expect(throws: SymbolError.self) {
            _ = try table("0000000000000000 T _text\n0000000000000000 t do_work\n")
        }
        #expect(error?.code == .kernelAddressesHidden && error?.hint?.contains("kptr_restrict") == true)
        #expect(error?.failure == .notPermitted)
    }

    @Test("refuses an empty list and one of another form")
    func malformed() throws {
        #expect(throws: SymbolError.self) { _ = try table("") }
        let text = String(repeating: "no symbols here\n", count: 200)
        let error = #expect(throws: SymbolError.self) { _ = try table(text) }
        #expect(error?.code == .kernelSymbolsUnreadable)
        #expect(throws: SymbolError.self) { _ = try KernelSymbolTable(reading: "/nonexistent/kallsyms") }
        #expect(try table("ffffffff81000100 t do_work\n\u{0}\nfff\n81 T\n").count == 1)
    }

    @Test("reads this machine's list", .enabled(if: Processes.currentUser == 0, "needs root"))
    func machine() throws {
        let table = try KernelSymbolTable()
        #expect(table.count > 1000)
        var checked = 0
        try Files.forEachLine(of: "/proc/kallsyms") { line in
            let text = line.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            let fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard fields.count >= 3, let address = UInt64(fields[0], radix: 16), fields[1] != "a", fields[1] != "A"
            else {
                return true
            }
            checked += 1
            guard checked.isMultiple(of: 1000) else { return true }
            let found = table.symbol(at: address)
            if found?.offset != 0 { Issue.record("\(text): found \(found?.description ?? "nothing")") }
            return true
        }
        #expect(checked > 1000)
    }
}
