// SPDX-License-Identifier: Apache-2.0

import Bytes
import DWARF
import ELF
import Foundation
import TestSupport
import Testing

@Suite("Line tables", .enabled(if: CompiledC.isPossible, "needs clang"))
struct LineTableTests {
    private static let dump = CompiledC.tool("llvm-dwarfdump")

    @Test(
        "has the same rows as llvm-dwarfdump", .enabled(if: dump != nil, "needs llvm-dwarfdump"),
        arguments: ["bpfel", "bpfeb"], [4, 5])
    func sameRows(target: String, version: Int) throws {
        let bytes = try TestProgram.object(target: target, ["-gdwarf-\(version)"]).array
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("skep-\(UUID().uuidString).o")
        try Data(bytes).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let text = try CompiledC.run(try #require(Self.dump), ["--debug-line", path.path])
        var expected: [[String]] = []
        for line in text.split(separator: "\n") where line.hasPrefix("0x") {
            let words = line.split(separator: " ").map(String.init)
            let flags = words.contains("is_stmt") ? "statement" : ""
            expected.append([words[0], words[1], words[2], flags, words.contains("end_sequence") ? "end" : ""])
        }
        let file = try ELFFile(OwnedBytes(bytes))
        let table = try DWARFLineTable(file)
        var rows: [[String]] = []
        for section in file.sections where section.isExecutable {
            for row in try table.rows(inSection: section.index) {
                let address = String(row.address.value, radix: 16)
                rows.append([
                    "0x" + String(repeating: "0", count: 16 - address.count) + address, "\(row.location.line)",
                    "\(row.location.column)", row.isStatement ? "statement" : "", row.isEndOfSequence ? "end" : "",
                ])
            }
        }
        #expect(!rows.isEmpty && rows == expected)
    }

    @Test("finds file, line and column of an instruction", arguments: [4, 5])
    func location(version: Int) throws {
        let file = try TestProgram.file(version: version)
        let table = try DWARFLineTable(file)
        let section = try #require(file.section(named: "tp/one"))
        let start = try #require(try table.location(of: DWARFAddress(section: section.index, value: 0)))
        #expect((39...40).contains(start.line) && start.file.hasPrefix("/") && start.file.hasSuffix("/test.bpf.c"))
        let last = try #require(try table.location(of: DWARFAddress(section: section.index, value: section.size - 8)))
        #expect(last.line > start.line)
        #expect(try table.location(of: DWARFAddress(section: section.index, value: section.size)) == nil)
        #expect(try table.location(of: DWARFAddress(section: nil, value: 0)) == nil)
    }

    @Test("finds the lines of an executable's functions", arguments: [4, 5])
    func executable(version: Int) throws {
        let source = """
            __attribute__((noinline)) int inner(int x) {
                return x * 3;
            }
            int main(int count, char **arguments) { return inner(count); }
            """
        let bytes = try CompiledC.compile(source, ["-g", "-gdwarf-\(version)", "-O1"]).array
        let file = try ELFFile(OwnedBytes(bytes))
        let inner = try #require(try file.locate(symbol: "inner"))
        let location = try #require(
            try DWARFLineTable(file).location(of: DWARFAddress(section: nil, value: inner.address)))
        #expect(location.line == 2 || location.line == 1)
        #expect(location.file.hasPrefix("/") && location.file.hasSuffix("/test.bpf.c"))
        let functions = try DWARFInformation(file).functions()
        #expect(functions.contains { $0.name == "inner" && $0.ranges.first?.start == inner.address })
    }

    @Test("says that a file has no debug information")
    func missing() throws {
        let bytes = try CompiledC.compile("int x;", ["--target=bpfel", "-c"]).array
        let file = try ELFFile(OwnedBytes(bytes))
        #expect(throws: DWARFError.self) { _ = try DWARFLineTable(file) }
        let error = #expect(throws: DWARFError.self) { _ = try DWARFInformation(file) }
        #expect(error?.code == .missing && error?.hint != nil)
    }
}
