// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ClangFrontEnd

@Suite("Finding the source")
struct SourceTests {
    @Test("a file is itself, a folder its only .bpf.c file")
    func found() throws {
        let place = try Workplace()
        let file = try place.write("tool.bpf.c", "")
        try place.write("user.c", "")
        #expect(try CSource(at: file).name == "tool")
        #expect(try CSource(at: place.path) == CSource(at: file))
        #expect(try CSource(at: place.path + "/user.c").name == "user")
    }

    @Test("a folder with none or several, and a path to nothing, are refused by name")
    func refused() throws {
        let place = try Workplace()
        #expect(try #require(throws: ClangError.self) { try CSource(at: place.path) }.message.contains("holds no"))
        try place.write("b.bpf.c", "")
        try place.write("a.bpf.c", "")
        let error = try #require(throws: ClangError.self) { try CSource(at: place.path) }
        #expect(error.code == .ambiguousSource)
        #expect(error.message.hasSuffix("holds 2 .bpf.c files: a.bpf.c, b.bpf.c"))
        #expect(try #require(throws: ClangError.self) { try CSource(at: place.path + "/x") }.code == .sourceMissing)
        #expect(try #require(throws: ClangError.self) { try CSource(at: "/dev/null") }.code == .sourceMissing)
    }

    @Test("include lines are read in all their shapes")
    func includes() {
        let text = """
            #include <a.h>
              #  include   "b/c.h" // why
            // #include <no.h>
            #include MACRO
            #include <unterminated
            #include ""
            #includes <d.h>
            """
        #expect(IncludeScanner.includes(in: Array(text.utf8)) == ["a.h", "b/c.h"])
    }

    @Test("headers that include each other end the search")
    func cycles() throws {
        let place = try Workplace()
        try place.write("a.h", "#include \"b.h\"\n")
        try place.write("b.h", "#include \"a.h\"\n#include \"sub/c.h\"\n")
        try place.write("sub/c.h", "#include \"d.h\"\n")
        let source = try CSource(at: try place.write("x.bpf.c", "#include \"a.h\"\n"))
        #expect(try !IncludeScanner(folders: []).needsKernelHeader(source))
        try place.write("sub/d.h", "#include <vmlinux.h>\n")
        #expect(try IncludeScanner(folders: []).needsKernelHeader(source))
        #expect(try !IncludeScanner(folders: [try Self.withKernelHeader(place)]).needsKernelHeader(source))
    }

    private static func withKernelHeader(_ place: Workplace) throws -> String {
        try place.write("own/vmlinux.h", "")
        return place.path + "/own"
    }
}
