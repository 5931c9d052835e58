// SPDX-License-Identifier: Apache-2.0

import Bytes
import ClangFrontEnd
import Linux
import TestSupport
import Testing

@Suite("Sources find the headers of their project")
struct HeaderSearchTests {
    /// Compiles `programs/tool/tool.c` of a project with further files.
    private func compile(_ source: String, _ files: [String: String] = [:], kernelHeader: String? = nil) throws
        -> OwnedBytes
    {
        let folder = try TemporaryFolder(prefix: "skep-test")
        defer { folder.remove() }
        let project = folder.path + "/project"
        var all = files
        all["programs/tool/tool.c"] = source
        if let kernelHeader { all["kernel/vmlinux.h"] = kernelHeader }
        for (name, text) in all {
            let path = "\(project)/\(name)"
            try Files.makeFolders(path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" })
            try Files.write(Array(text.utf8), to: path)
        }
        var options = ClangCompiler.Options(includeFolder: "include")
        if kernelHeader != nil { options.kernelHeaderFolder = project + "/kernel" }
        return try ClangCompiler.find(CompiledC.clang).compile(project + "/programs/tool/tool.c", options)
    }

    @Test("a header in a headers folder above the source is found, and one that it includes")
    func aboveTheSource() throws {
        _ = try compile(
            "#include \"common.h\"\n#include <project/value.h>\nint answer(void) { return VALUE + OTHER; }",
            ["programs/headers/common.h": "#define VALUE 1\n", "include/project/value.h": "#define OTHER 2\n"])
    }

    @Test("a header that is nowhere is still clang's error")
    func missing() {
        #expect(throws: ClangError.self) { try compile("#include \"nowhere.h\"\n") }
    }

    @Test("vmlinux.h is the running kernel's under any path", arguments: ["bpf/vmlinux.h", "../../../x/vmlinux.h"])
    func kernelHeader(_ name: String) throws {
        _ = try compile(
            "#include \"\(name)\"\nkernel_type value;", kernelHeader: "typedef unsigned int kernel_type;\n")
    }

    @Test("the kernel's short names of integers are there for sources that expect them")
    func kernelTypes() throws {
        _ = try compile("#include <linux/bpf.h>\n#include <linux/socket.h>\nu64 value; int family = AF_INET6;\n")
        // A source with definitions of its own must not meet them twice.
        _ = try compile("typedef unsigned long u64;\nu64 value;\n")
    }

    @Test("older sources write <bpf_helpers.h>")
    func olderNames() throws {
        _ = try compile(
            "#include <linux/bpf.h>\n#include <bpf_helpers.h>\n#include \"bpf_endian.h\"\nSEC(\"xdp\") int f(void) { return 2; }"
        )
    }
}
