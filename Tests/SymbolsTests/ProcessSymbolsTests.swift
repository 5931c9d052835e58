// SPDX-License-Identifier: Apache-2.0

import Bytes
import DWARF
import Linux
import Symbols
import TestSupport
import Testing

@Suite("Symbols of processes")
struct ProcessSymbolsTests {
    private static let clang = CompiledC.tool("clang", variable: "CLANG") ?? CompiledC.tool("cc")

    /// Compiles a program that prints the addresses of two functions and of an anonymous executable page, then waits.
    private static let source = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        static __attribute__((noinline, used)) int hidden_work(int x) {
            return x * 3;
        }
        __attribute__((noinline)) int visible_work(int x) { return hidden_work(x) + 1; }
        int main(void) {
            void *page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            printf("%p %p %p %p\\n", (void *)hidden_work, (void *)visible_work, (void *)strlen, page);
            fflush(stdout);
            getchar();
            return visible_work(1);
        }
        """

    private struct Running {
        let process: Int32
        let addresses: [UInt64]
    }

    /// Starts the program, hands its addresses over and ends it.
    private func withProgram(
        _ flags: [String], _ body: (Running, _ end: () -> Void) throws -> Void
    ) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (source, program) = (folder.path + "/work.c", folder.path + "/work")
        try Files.write([UInt8](Self.source.utf8), to: source)
        let compiled = try ChildProcess.run(
            .init(try #require(Self.clang), ["-g", "-O1", source, "-o", program] + flags))
        try #require(compiled.isSuccess, "\(String(decoding: compiled.errors, as: UTF8.self))")
        let (input, output) = (folder.path + "/input", folder.path + "/output")
        _ = try ChildProcess.run(.init("/usr/bin/mkfifo", [input]))
        // The shell keeps the pipe open, and `exec` gives the program the shell's number.
        let child = try ChildProcess.start(.init("/bin/sh", ["-c", "exec \(program) <>\(input) >\(output)"]))
        let number = child.number
        var addresses: [UInt64] = []
        for _ in 0..<500 {
            if let text = try? Files.readText(output), text.hasSuffix("\n") {
                addresses = text.split(whereSeparator: { $0 == " " || $0 == "\n" })
                    .compactMap { UInt64($0.dropFirst(2), radix: 16) }
                break
            }
            _ = child.hasEnded(within: 10)
        }
        let result = Result {
            try #require(addresses.count == 4)
            try body(Running(process: number, addresses: addresses)) {
                _ = try? ChildProcess.run(.init("/bin/kill", ["-9", "\(number)"]))
            }
        }
        child.signal(9)
        _ = child.wait()
        try result.get()
    }

    @Test(
        "names functions of a running program and its libraries", .enabled(if: clang != nil, "needs a C compiler"),
        arguments: [["-pie", "-fPIE"], ["-no-pie"]])
    func running(flags: [String]) throws {
        try withProgram(flags) { running, _ in
            var processes = ProcessSymbols(withLines: true)
            let symbols = processes.symbols(for: running.addresses.map { $0 + 1 }, in: running.process)
            #expect(symbols[0].description == "hidden_work+0x1")
            #expect(symbols[0].module?.hasSuffix("/work") == true)
            #expect(symbols[0].source?.file.hasSuffix("/work.c") == true && symbols[0].source?.line == 6)
            #expect(symbols[1].description == "visible_work+0x1")
            // An IFUNC resolves to some strlen implementation of the library.
            #expect(symbols[2].module?.contains("libc") == true)
            #expect(symbols[3].name == nil)
            #expect(processes.symbol(at: 16, in: running.process).description == "0x10")
        }
    }

    @Test(
        "names addresses after the process ended, if it was seen before",
        .enabled(if: clang != nil, "needs a C compiler"))
    func ended() throws {
        try withProgram([]) { running, end in
            var processes = ProcessSymbols()
            try processes.remember(running.process)
            _ = processes.symbol(at: running.addresses[0], in: running.process)
            end()
            #expect(processes.symbol(at: running.addresses[1], in: running.process).name == "visible_work")
            var others = ProcessSymbols()
            #expect(others.symbol(at: 0x1234, in: running.process).description == "0x1234")
        }
    }

    @Test("without symbols the module and the place in it are left", .enabled(if: clang != nil, "needs a C compiler"))
    func stripped() throws {
        try withProgram(["-s"]) { running, _ in
            var processes = ProcessSymbols()
            let symbol = processes.symbol(at: running.addresses[0], in: running.process)
            #expect(symbol.name == nil)
            #expect(symbol.description.hasPrefix("[work]+0x"))
        }
    }

    @Test("reads the map that a just-in-time compiler writes", .enabled(if: clang != nil, "needs a C compiler"))
    func justInTime() throws {
        try withProgram([]) { running, _ in
            let path = "/tmp/perf-\(running.process).map"
            let page = String(running.addresses[3], radix: 16)
            try Files.write([UInt8]("\(page) 40 LazyCompile:~main app.js:1\nbroken\n".utf8), to: path)
            defer { try? Files.remove(path) }
            var processes = ProcessSymbols()
            let symbol = processes.symbol(at: running.addresses[3] + 4, in: running.process)
            #expect(symbol.description == "LazyCompile:~main app.js:1+0x4")
            #expect(processes.symbol(at: running.addresses[3] + 0x50, in: running.process).name == nil)
        }
    }

    @Test("says that there is no such process")
    func noProcess() {
        var processes = ProcessSymbols()
        let error = #expect(throws: SymbolError.self) { try processes.remember(0x7fff_fff0) }
        #expect(error?.code == .noProcess)
        #expect(processes.symbols(for: [1, 2], in: 0x7fff_fff0).map(\.description) == ["0x1", "0x2"])
    }
}
