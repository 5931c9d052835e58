// SPDX-License-Identifier: Apache-2.0

import Bytes
import ELF
import Linux
import TestSupport
import Testing

@Suite("Executables and libraries", .enabled(if: CompiledC.isPossible, "needs clang"))
struct ExecutableTests {
    private static let library = """
        __attribute__((noinline)) int old(int x) { return x + 1; }
        __attribute__((noinline)) int new(int x) { return x + 2; }
        __asm__(".symver old, answer@ONE");
        __asm__(".symver new, answer@@TWO");
        static __attribute__((used, noinline)) int hidden(int x) { return x * 3; }
        int data = 7;
        """

    private func build() throws -> ELFFile {
        let folder = try TemporaryFolder(prefix: "skep-test")
        defer { folder.remove() }
        let script = "\(folder.path)/versions.map"
        try Files.write(Array("ONE {}; TWO {} ONE;".utf8), to: script)
        return try ELFFile(
            CompiledC.compile(
                Self.library,
                [
                    "-shared", "-fPIC", "-nostdlib", "-fuse-ld=lld", "-Wl,--build-id=sha1",
                    "-Wl,--version-script=\(script)",
                ]))
    }

    @Test("finds symbols with the file offset that a uprobe needs")
    func location() throws {
        let file = try build()
        let hidden = try #require(try file.locate(symbol: "hidden"))
        #expect(hidden.type == .function && hidden.size > 0)
        let offset = try #require(hidden.fileOffset)
        #expect(file.fileOffset(ofAddress: hidden.address) == offset)
        #expect(file.address(ofFileOffset: offset) == hidden.address)
        #expect(try file.locate(symbol: "hidde") == nil)
        #expect(try file.locate(symbol: "") == nil)
        #expect(file.fileOffset(ofAddress: .max) == nil)
    }

    @Test("a plain name finds the default version, a versioned name its own")
    func versions() throws {
        let file = try build()
        let plain = try #require(try file.locate(symbol: "answer"))
        let new = try #require(try file.locate(symbol: "new"))
        let old = try #require(try file.locate(symbol: "old"))
        #expect(plain.address == new.address)
        #expect(try file.locate(symbol: "answer@@TWO")?.address == new.address)
        #expect(try file.locate(symbol: "answer@ONE")?.address == old.address)
        #expect(try file.locate(symbol: "answer@THREE") == nil)
    }

    @Test("reads dynamic symbols and the build id")
    func dynamic() throws {
        let file = try build()
        #expect(try file.dynamicSymbols().contains { $0.name == "data" && $0.type == .object })
        #expect(try file.buildID()?.count == 20)
        #expect(try file.debugLink() == nil)
    }
}
