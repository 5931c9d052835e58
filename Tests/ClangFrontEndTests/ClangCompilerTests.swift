// SPDX-License-Identifier: Apache-2.0

import Bytes
import ClangFrontEnd
import Diagnostics
import Linux
import TestSupport
import Testing

@Suite("C sources are compiled with the machine's clang")
struct ClangCompilerTests {
    private func compile(_ text: String) throws -> OwnedBytes {
        let folder = try TemporaryFolder(prefix: "skep-test")
        defer { folder.remove() }
        let path = folder.path + "/source.bpf.c"
        try Files.write(Array(text.utf8), to: path)
        let compiler = try ClangCompiler.find(CompiledC.clang)
        return try compiler.compile(path, ClangCompiler.Options(includeFolder: "include"))
    }

    @Test("a source that includes the project's headers becomes an eBPF object")
    func success() throws {
        let object = try compile(
            """
            #include <linux/bpf.h>
            #include <bpf/bpf_helpers.h>
            SEC("xdp") int pass(struct xdp_md *context) { bpf_printk("packet"); return XDP_PASS; }
            char LICENSE[] SEC("license") = "GPL";
            """)
        #expect(object.span.integer(at: 0, as: UInt32.self, order: .big) == 0x7f45_4c46)
        // EM_BPF
        #expect(object.span.integer(at: 18, as: UInt16.self, order: .host) == 247)
    }

    @Test("what clang says of a wrong source is kept as it is")
    func rejection() {
        do {
            _ = try compile("int broken(void) { return undeclared; }")
            Issue.record("the source compiled")
        } catch let error as ClangError {
            #expect(error.code == .rejected)
            #expect(error.detail?.contains("use of undeclared identifier 'undeclared'") == true)
            #expect(error.detail?.contains("source.bpf.c:1:") == true)
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test("a compiler that does not exist is named")
    func noCompiler() {
        #expect(throws: ClangError.self) { try ClangCompiler.find("/nonexistent/clang") }
    }

    @Test("a header is made once and found again")
    func cache() throws {
        var calls = 0
        let version = Int(Processes.current)
        let first = try KernelHeader.running(version: version) {
            calls += 1
            return Array("typedef int header;\n".utf8)
        }
        defer {
            try? Files.remove(first.folder + "/vmlinux.h")
            try? Directory.remove(first.folder)
        }
        let second = try KernelHeader.running(version: version) {
            calls += 1
            return []
        }
        #expect(calls == 1)
        #expect(first.folder == second.folder)
        #expect(try Files.readText(first.folder + "/vmlinux.h") == "typedef int header;\n")
    }
}
