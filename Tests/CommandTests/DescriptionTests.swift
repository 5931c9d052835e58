// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Commands that describe")
struct DescriptionTests {
    @Test("version and help are data, not errors")
    func help() throws {
        let version = try Skep.run(["--version"])
        #expect(version.code == 0)
        #expect(version.output.split(separator: ".").count == 3)
        for arguments in [["--help"], [], ["run", "--help"], ["help", "build"]] {
            let answer = try Skep.run(arguments)
            #expect(answer.code == 0)
            #expect(answer.output.contains("USAGE: skep"))
            #expect(answer.errors.isEmpty)
        }
    }

    @Test("the prebuilt services are listed")
    func list() throws {
        #expect(try Skep.run(["list"]).output == "mixed\nopens\n")
    }

    @Test("the flags of a service tell type, default and the comment above the variable")
    func flags() throws {
        let answer = try Skep.run(["run", "opens", "--", "--help"])
        #expect(answer.code == 0)
        #expect(answer.output.hasPrefix("Flags of opens, given behind --:\n"))
        #expect(answer.output.contains("--target-pid <__u32>"))
        #expect(answer.output.contains("--only-failed"))
        #expect(answer.output.contains("Show failed calls only. (default: false)"))
        #expect(try Skep.run(["run", "packets.bpf.c", "--", "--help"]).output == "packets has no flags.\n")
    }

    @Test("an object is inspected as text")
    func inspect() throws {
        let text = try Skep.run(["inspect", "opens"]).output
        for part in [
            "opens: licence GPL, little endian", "opened  tracepoint/syscalls/sys_enter_openat",
            "events        ringbuf",
            "counts        hash     __u32", "--only-failed  _Bool", "struct event, 56 bytes",
        ] {
            #expect(text.contains(part), "\(text)")
        }
    }

    @Test("an object is inspected as one JSON object")
    func inspectJSON() throws {
        let answer = try Skep.run(["inspect", "opens", "--json"])
        #expect(answer.lines.count == 1)
        for part in [
            "{\"name\":\"opens\",\"license\":\"GPL\",\"byte_order\":\"little\",\"programs\":[{\"name\":\"opened\",",
            "\"streams\":[{\"map\":\"events\",\"kind\":\"ringbuf\",\"rows\":[{\"type\":\"struct event\",\"size\":56}]}]",
            "\"flag\":\"only-failed\",\"variable\":\"only_failed\"", "\"name\":\"seen\",\"map\":\"opens.bss\"",
        ] {
            #expect(answer.output.contains(part), "\(answer.output)")
        }
    }

    @Test("instructions are shown with source lines and names")
    func disassembly() throws {
        let text = try Skep.run(["disasm", "opens"]).output
        #expect(text.contains("\nopened (tracepoint/syscalls/sys_enter_openat):\n"))
        #expect(text.contains("bpf_ringbuf_reserve"))
        #expect(text.contains("seen++; @ opens.bpf.c:"))
        let plain = try Skep.run(["disasm", "opens", "--plain"]).output
        #expect(!plain.contains("seen++;"))
        #expect(plain.contains("exit"))
    }

    @Test("an object's types are dumped and printed as C")
    func types() throws {
        let dump = try Skep.run(["btf", "dump", "share/services/opens.o", "--name", "event"]).output
        #expect(dump.contains("STRUCT event size=56"))
        let header = try Skep.run(["btf", "header", "share/services/opens.o"]).output
        #expect(header.contains("struct event {"))
        #expect(header.contains("char fname[32];"))
        let missing = try Skep.run(["btf", "dump", "share/services/opens.o", "--name", "nosuch"])
        #expect(missing.code == 1)
        #expect(missing.errors.hasPrefix("skep: there is no type nosuch\n"))
    }

    @Test("a reader that leaves early ends a command quietly")
    func closedOutput() throws {
        let answer = try Skep.script("\"$skep\" disasm opens | head -n 2 | wc -l; \"$skep\" list | true")
        #expect(answer.output.drop { $0 == " " } == "2\n")
        #expect(answer.errors.isEmpty)
    }

    @Test("a built object says which rows it found")
    func build() throws {
        let answer = try Skep.run(["build", "mixed.bpf.c", "-o", "built.o"])
        #expect(answer.code == 0)
        #expect(answer.output.isEmpty)
        #expect(answer.errors == "skep: rows of opens: opened\nskep: rows of closes: closed\nskep: wrote built.o\n")
        #expect(try Skep.run(["build", "opens.bpf.c", "-o", "built-2.o", "--quiet"]).errors.isEmpty)
    }
}
