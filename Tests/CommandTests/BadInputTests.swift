// SPDX-License-Identifier: Apache-2.0

import Testing

/// What a person can get wrong without any right or kernel being involved.
@Suite("Bad input ends with a sentence that helps and the right exit code")
struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let code: Int32
        let expected: [String]

        init(_ arguments: String, _ code: Int32, _ expected: String...) {
            self.arguments = arguments.split(separator: " ").map(String.init)
            self.code = code
            self.expected = expected
        }

        var testDescription: String { "skep " + arguments.joined(separator: " ") }
    }

    static let files = [
        Case("run nosuch", 1, "there is no service nosuch", "known services: mixed, opens"),
        Case("run ope", 1, "did you mean opens?"),
        Case("run missing.bpf.c", 1, "there is no file missing.bpf.c"),
        Case("run missing.o", 1, "there is no file missing.o"),
        Case("run ./missing", 1, "there is no file ./missing"),
        Case("link missing.o -o out.o", 1, "there is no file missing.o"),
        Case("btf minimize missing.o --kernel-btf /sys/kernel/btf/vmlinux -o out.btf", 1, "there is no file missing.o"),
        Case("run folder.o", 1, "the folder folder.o holds no .bpf.c and no .o file"),
        Case("run none/", 1, "the folder none/ holds no .bpf.c and no .o file"),
        Case("run ./several", 2, "holds several services: one.bpf.c, two.bpf.c", "name one of the files"),
        Case("run pipe.o", 1, "pipe.o is not a regular file"),
        Case("run /dev/null", 1, "/dev/null is not a regular file"),
        Case("run /proc/self/mem", 1, "cannot read /proc/self/mem"),
        Case("run /bin/true", 1, "/bin/true is not an eBPF object", "clang --target=bpf"),
        Case("run empty.o", 1, "empty.o is not an eBPF object: the file is empty"),
        Case("run truncated.o", 1, "truncated.o is not an eBPF object", "past the end of the file", "at offset"),
        Case("run text.o", 1, "text.o is not an eBPF object: the file does not start with ELF's magic number"),
        Case("run nothing.bpf.c", 1, "nothing has no programs", "SEC("),
        Case("inspect /bin/true", 1, "/bin/true is not an eBPF object"),
        Case("disasm opens --function nosuch", 2, "there is no function nosuch", "there are opened"),
        Case("btf dump /bin/true", 1, "/bin/true has no types"),
        Case("btf dump missing", 1, "missing"),
        Case("build missing.bpf.c", 1, "there is no file missing.bpf.c"),
        Case("build opens.bpf.c -o /proc/nothing/x.o", 1, "cannot write /proc/nothing/x.o"),
    ]

    static let usage = [
        Case("run", 2, "Missing expected argument"),
        Case("frobnicate", 2, "there is no command frobnicate"),
        Case("run opens --frobnicate", 2, "Unknown option '--frobnicate'"),
        Case("run opens --jsno", 2, "Did you mean '--json'?"),
        Case("run opens --count many", 2, "'many' is invalid for '--count"),
        Case("run opens --count 0", 2, "--count needs a number above 0"),
        Case("run opens --top 0", 2, "--top needs a number above 0"),
        Case("run opens --freq 0", 2, "--freq needs a number from 1 to 100000"),
        Case("run opens --duration 5parsecs", 2, "'5parsecs' is invalid for '--duration"),
        Case("run opens --format xml", 2, "Please provide one of"),
        Case("run opens --pid 0", 2, "--pid needs the number of a process"),
        Case("run opens --pid x", 2, "'x' is invalid for '--pid"),
        Case("run opens --event events", 2, "'events' is invalid for '--event <map=struct>'"),
        Case("run opens --event nosuch=event", 2, "there is no ring or perf buffer nosuch", "it has events"),
        Case("run opens.bpf.c --event events=nosuch", 2, "the object has no struct nosuch"),
        Case("run opens --event events=event", 2, "the object tells the rows of events already"),
        Case("run opens --set seen", 2, "'seen' is invalid for '--set"),
        Case("run opens --set nosuch=1", 2, "there is no variable nosuch", "seen"),
        Case("run opens --set code=many", 2, "many is no value for code", "not a number", "type int"),
        Case("run opens -- --nosuch", 2, "opens has no flag --nosuch", "its flags are --target-pid, --only-failed"),
        Case("run opens -- nosuch", 2, "nosuch is not a flag of opens"),
        Case("run opens -- --target-pid", 2, "--target-pid needs a value of type __u32"),
        Case("run opens -- --target-pid=x", 2, "x is no value for target_pid"),
        Case("run opens -- --target-pid=4294967296", 2, "4294967296 is no value for target_pid"),
        Case("run opens -- --only-failed=perhaps", 2, "perhaps is no value for only_failed"),
        Case("run packets.bpf.c", 2, "does not say what to attach to", "give --iface NAME"),
        Case("run group.bpf.c", 2, "does not say what to attach to", "give --cgroup PATH"),
        Case("run filter.bpf.c", 2, "does not say what to attach to", "give --netfilter-hook NAME"),
        Case("run route.bpf.c", 2, "does not say what to attach to", "give --route ADDRESS/LENGTH"),
        Case("run route.bpf.c --route 10.9.0.0/24", 2, "give --iface NAME"),
        Case("run packets.bpf.c --xdp-mode fast", 2, "'fast' is invalid for '--xdp-mode"),
        Case("run packets.bpf.c --before 0", 2, "'0' is invalid for '--before"),
        Case("run packets.bpf.c --before 1 --after 2", 2, "--before and --after cannot both hold"),
        Case("run packets.bpf.c --netfilter-hook ipv5/input", 2, "'ipv5/input' is invalid for '--netfilter-hook"),
        Case("run packets.bpf.c --route 10.0.0.0/33", 2, "'10.0.0.0/33' is invalid for '--route"),
        Case("run function.bpf.c", 2, "does not say what to attach to", "give --binary PATH"),
        Case("run function.bpf.c --binary /bin/true", 2, "give --symbol FUNCTION"),
    ]

    @Test("files", arguments: files)
    func file(_ input: Case) throws { try check(input) }

    @Test("options and values", arguments: usage)
    func option(_ input: Case) throws { try check(input) }

    private func check(_ input: Case) throws {
        let answer = try Skep.run(input.arguments)
        #expect(answer.code == input.code, "\(answer.errors)")
        #expect(answer.output.isEmpty)
        #expect(answer.errors.hasPrefix("skep: "))
        for text in input.expected { #expect(answer.errors.contains(text), "\(answer.errors)") }
    }

    @Test("clang's messages are shown as they are, plain where nobody watches")
    func brokenSource() throws {
        let answer = try Skep.run(["run", "broken.bpf.c"])
        #expect(answer.code == 1)
        #expect(answer.errors.hasPrefix("broken.bpf.c:1:13: error: expected parameter declarator\n"))
        #expect(answer.errors.hasSuffix("\nskep: broken.bpf.c does not compile\n"))
        #expect(!answer.errors.contains("\u{1b}"))
    }

    @Test("clang's messages are coloured on a terminal, unless NO_COLOR is set")
    func colour() throws {
        let command = "script -qec '\"$skep\" run broken.bpf.c' /dev/null"
        let coloured = try Skep.script(command)
        #expect(coloured.output.contains("\u{1b}[0;1;31merror: ") || coloured.output.contains("\u{1b}[1;31merror: "))
        let plain = try Skep.script(command, environment: ["NO_COLOR": "1"])
        #expect(plain.output.contains("broken.bpf.c:1:13: error: "))
        #expect(!plain.output.contains("\u{1b}[0;1;31m"))
    }

    @Test("without clang it is said what to do, and prebuilt services still work")
    func noCompiler() throws {
        let given = try Skep.run(["run", "opens.bpf.c", "--clang", "/nonexistent"])
        #expect(given.code == 1)
        #expect(given.errors.hasPrefix("skep: there is no compiler /nonexistent\n"))
        let none = try Skep.run(["run", "opens.bpf.c"], environment: ["PATH": "/nonexistent", "CLANG": ""])
        #expect(none.code == 1)
        #expect(none.errors.hasPrefix("skep: compiling a source needs clang"))
        #expect(none.errors.contains("prebuilt services need none"))
        let prebuilt = try Skep.run(["inspect", "opens"], environment: ["PATH": "/nonexistent", "CLANG": ""])
        #expect(prebuilt.code == 0)
    }

    @Test("a device that is named as output stays a device")
    func deviceAsOutput() throws {
        let answer = try Skep.script(
            "\"$skep\" build opens.bpf.c -q -o /dev/full; echo $?; test -c /dev/full && echo device")
        #expect(answer.output == "1\ndevice\n")
        #expect(answer.errors.contains("cannot write /dev/full"))
    }
}
