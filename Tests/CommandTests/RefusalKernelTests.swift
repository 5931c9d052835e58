// SPDX-License-Identifier: Apache-2.0

import Linux
import TestSupport
import Testing

@Suite("skep run says why it cannot", .enabled(if: KernelAccess.isAvailable, "needs root and bpf(2)"))
struct RefusalKernelTests {
    @Test("a rejected program is told by its source line, the registers in words and a hint")
    func rejected() throws {
        let answer = try Skep.run(["run", "rejected.bpf.c"])
        #expect(answer.code == 1)
        #expect(answer.errors.hasPrefix("skep: the verifier rejects the program count: R0 invalid mem access"))
        for part in [
            "rejected.bpf.c:10:12: *value += 1;", "R0 is a pointer to a map value of 8 bytes, or NULL",
            "the verifier's last lines:", "hint: compare the pointer with NULL before you use it",
        ] {
            #expect(answer.errors.contains(part), "\(answer.errors)")
        }
        #expect(!answer.errors.contains("Permission denied"))
    }

    @Test("a target that is not there is named")
    func targets() throws {
        let cases: [([String], Int32, String)] = [
            (["packets.bpf.c", "--iface", "nosuch0"], 1, "there is no network interface nosuch0"),
            (
                ["packets.bpf.c", "--iface", "lo", "--netns", "nosuch"], 1,
                "there is no network namespace /run/netns/nosuch"
            ),
            (["group.bpf.c", "--cgroup", "/nonexistent"], 1, "there is no cgroup /nonexistent"),
            (["group.bpf.c", "--cgroup", "/tmp"], 2, "/tmp is not a folder of the cgroup v2 hierarchy"),
            (
                ["function.bpf.c", "--binary", "/nonexistent", "--symbol", "main"], 1,
                "there is no executable or library"
            ),
            (["function.bpf.c", "--binary", "/bin/sh", "--symbol", "nosuch"], 1, "/bin/sh has no function nosuch"),
            (["unknown-event.bpf.c"], 4, "this kernel has no tracepoint nosuch/event"),
        ]
        for (arguments, code, text) in cases {
            let answer = try Skep.run(["run"] + arguments)
            #expect(answer.code == code, "\(arguments): \(answer.errors)")
            #expect(answer.errors.hasPrefix("skep: " + text), "\(answer.errors)")
        }
    }

    @Test("what this kernel refuses or lacks has exit codes of its own")
    func refusals() throws {
        // Kernels differ: each of the two may also be fine here, and then runs.
        for (service, code) in [("function-entry.bpf.c", Int32(3)), ("kernel-probe.bpf.c", 4)] {
            let answer = try Skep.run(["run", service, "--duration", "100ms"])
            #expect([0, code, 4].contains(answer.code), "\(answer.errors)")
            if answer.code != 0 { #expect(answer.errors.contains("\n  hint: "), "\(answer.errors)") }
        }
    }

    @Test("without root it is said what to do")
    func noRights() throws {
        let answer = try Skep.script(
            "setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \"$skep\" run \"$PWD/share/services/opens.o\""
        )
        #expect(answer.code == 3, "\(answer.errors)")
        #expect(answer.errors.contains("hint: run as root, or grant CAP_BPF"))
        #expect(answer.output.isEmpty)
    }

    @Test("a file that may not be read is no missing file")
    func unreadable() throws {
        let answer = try Skep.script(
            """
            cp share/services/opens.o private.o && chmod 600 private.o
            setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all "$skep" run private.o
            """)
        #expect(answer.code == 3, "\(answer.errors)")
        #expect(answer.errors.hasPrefix("skep: cannot read private.o: openat failed with EACCES: Permission denied\n"))
    }

    @Test("an explanation that many features share is shown once")
    func repeatedExplanation() throws {
        let answer = try Skep.script(
            "setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \"$skep\" features --missing")
        #expect(answer.code == 0)
        #expect(answer.output.contains("refused  [1]\n"))
        #expect(answer.output.split(separator: "\n").filter { $0.contains("run as root, or grant CAP_BPF") }.count <= 4)
    }

    @Test("a cache that cannot be written is no reason to fail")
    func unwritableCache() throws {
        let run = ["run", "kernel-types.bpf.c", "--duration", "100ms"]
        let answer = try Skep.run(run, environment: ["XDG_CACHE_HOME": "/proc/nothing"])
        #expect(answer.code == 0, "\(answer.errors)")
    }

    @Test("SIGINT and SIGTERM end a run with a summary and success", arguments: [2, 15] as [Int32])
    func signals(_ signal: Int32) throws {
        let work = try Workload()
        let (output, errors) = ("\(Skep.workspace)/signal-\(signal).out", "\(Skep.workspace)/signal-\(signal).err")
        let answer = try Skep.script(
            """
            "$skep" run opens --pid \(work.number) > \(output) 2> \(errors) & skep=$!
            while ! grep -q hostname \(output); do kill -0 $skep || exit 9; sleep 0.05; done
            kill -\(signal) $skep; wait $skep; echo $?
            """)
        #expect(answer.output == "0\n", "\(answer.errors)")
        let text = try Files.readText(errors)
        #expect(text.split(separator: "\n").last?.wholeMatch(of: #/skep: \d+ rows?.* in \d+\.\d s/#) != nil, "\(text)")
    }

    @Test("a reader that leaves early ends a run quietly")
    func closedOutput() throws {
        let work = try Workload()
        let answer = try Skep.script("\"$skep\" run opens --pid \(work.number) --quiet | head -n 1")
        #expect(answer.code == 0)
        #expect(answer.lines.count == 1)
        #expect(answer.errors.isEmpty, "\(answer.errors)")
    }

    @Test("what the kernel can do is told as text and as JSON")
    func features() throws {
        let text = try Skep.run(["features"])
        #expect(text.code == 0)
        #expect(text.output.hasPrefix("Linux "))
        #expect(text.output.contains("\nprogram\n"))
        #expect(text.output.contains("\nmap\n"))
        let json = try Skep.run(["features", "--json"])
        #expect(json.lines.count == 1)
        #expect(json.output.hasPrefix("{\"kernel\":\""))
        #expect(json.output.contains("{\"group\":\"map\",\"name\":\"ringbuf\",\"outcome\":\""))
    }
}
