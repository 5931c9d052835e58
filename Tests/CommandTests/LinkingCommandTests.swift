// SPDX-License-Identifier: Apache-2.0

import Bytes
import Linux
import TestSupport
import Testing

/// `skep link` of objects and `skep btf minimize`: files in, files out, no rights needed.
@Suite("Linked objects and minimal types")
struct LinkingCommandTests {
    /// Two objects that need each other, in a folder of the test's own.
    private func objects(_ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        for (name, text) in [("a", Self.first), ("b", Self.second)] {
            try Files.write(Array(try CompiledC.object(text).array), to: "\(folder.path)/\(name).o")
        }
        try body(folder.path)
    }

    private static let head = "typedef unsigned int u32; typedef unsigned long long u64;\n"
    private static let first =
        head + """
            struct { int (*type)[1]; u32 *key; u64 *value; int (*max_entries)[4]; } shared __attribute__((section(".maps")));
            extern u64 weight(u64 number);
            struct task_struct { int elsewhere; int tgid; int pid; } __attribute__((preserve_access_index));
            static void *(*lookup)(void *, const void *) = (void *) 1;
            static u64 (*task)(void) = (void *) 35;
            static long (*probe_read)(void *, u32, const void *) = (void *) 113;
            __attribute__((section("tracepoint/syscalls/sys_enter_getppid"))) int first(void *ctx)
            {
                u32 key = 0;
                int number = 0;
                probe_read(&number, 4, &((struct task_struct *) task())->tgid);
                return (lookup(&shared, &key) ? 1 : 0) + weight(number);
            }
            char LICENSE[] __attribute__((section("license"))) = "GPL";
            """
    private static let second =
        head + """
            u64 calls;
            __attribute__((noinline)) u64 weight(u64 number) { calls++; return number * 3; }
            char LICENSE[] __attribute__((section("license"))) = "GPL";
            """

    @Test("two objects become one that has what both have")
    func link() throws {
        try objects { folder in
            let answer = try Skep.run(["link", "\(folder)/a.o", "\(folder)/b.o", "-o", "\(folder)/c.o"])
            #expect(answer.code == 0, "\(answer.errors)")
            let parts = try Skep.run(["inspect", "\(folder)/c.o", "--json"])
            for part in ["\"name\":\"first\"", "\"name\":\"shared\"", "\"name\":\"calls\""] {
                #expect(parts.output.contains(part), "\(parts.output)")
            }
            #expect(try Skep.run(["disasm", "\(folder)/c.o"]).output.contains("weight"))
        }
    }

    @Test("what cannot be linked is named, and nothing is written")
    func conflicts() throws {
        try objects { folder in
            let twice = try Skep.run(["link", "\(folder)/b.o", "\(folder)/b.o", "-o", "\(folder)/c.o"])
            #expect(twice.code == 1)
            #expect(twice.errors.hasPrefix("skep: weight is defined in two objects") || twice.errors.contains("calls"))
            #expect(!Files.exists("\(folder)/c.o"))
            let missing = try Skep.run(["link", "\(folder)/nosuch.o", "-o", "\(folder)/c.o"])
            #expect(missing.code == 1)
            #expect(missing.errors.contains("nosuch.o"))
            let text = try Skep.run(["link", "text.o", "-o", "\(folder)/c.o"])
            #expect(text.code == 1)
            #expect(text.errors.contains("text.o"), "\(text.errors)")
            #expect(try Skep.run(["link", "-o", "\(folder)/c.o"]).code == 2)
        }
    }

    @Test(
        "the types that an object needs of a kernel are a small file, or become part of the object",
        .enabled(if: Files.exists("/sys/kernel/btf/vmlinux"), "needs a kernel that shows its types"))
    func minimize() throws {
        try objects { folder in
            _ = try Skep.run(["link", "\(folder)/a.o", "\(folder)/b.o", "-o", "\(folder)/c.o"])
            let kernel = "/sys/kernel/btf/vmlinux"
            let small = try Skep.run([
                "btf", "minimize", "\(folder)/c.o", "--kernel-btf", kernel, "-o", "\(folder)/s.btf",
            ])
            #expect(small.code == 0, "\(small.errors)")
            #expect(small.errors.contains("types of 1 kernel,"))
            #expect(try Files.read("\(folder)/s.btf").count < 1000)
            let types = try Skep.run(["btf", "dump", "\(folder)/s.btf"]).output
            #expect(types.contains("task_struct") && types.contains("tgid"), "\(types)")
            let embedded = try Skep.run([
                "btf", "minimize", "\(folder)/c.o", "--kernel-btf", kernel, "-o", "\(folder)/e.o", "--embed",
            ])
            #expect(embedded.code == 0, "\(embedded.errors)")
            let bytes = try Files.read("\(folder)/e.o")
            #expect(String(decoding: bytes, as: UTF8.self).contains("\(KernelVersion.release)/"))
            #expect(try Skep.run(["inspect", "\(folder)/e.o"]).code == 0)
            let both = try Skep.run([
                "btf", "minimize", "\(folder)/a.o", "\(folder)/b.o", "--kernel-btf", kernel, "-o", "x", "--embed",
            ])
            #expect(both.code == 2)
            let empty = try Skep.run(["btf", "minimize", "\(folder)/c.o", "--kernel-btf", "none", "-o", "x"])
            #expect(empty.code == 1, "\(empty.errors)")
        }
    }

    @Test(
        "on a kernel that shows no types, an object runs with its own, a file's or a folder's",
        .enabled(
            if: KernelAccess.isAvailable && Files.exists("/sys/kernel/btf/vmlinux"),
            "needs root, and a kernel that shows its types"))
    func hidden() throws {
        // Hidden from the script alone: its mounts are its own.
        let answer = try Skep.script(
            """
            mkdir -p hidden/kernels/$(uname -m) && cd hidden
            "$skep" build ../relocated.bpf.c -o plain.o 2> /dev/null
            "$skep" btf minimize plain.o --kernel-btf /sys/kernel/btf/vmlinux -o kernels/$(uname -m)/$(uname -r).btf 2> /dev/null
            "$skep" btf minimize plain.o --kernel-btf /sys/kernel/btf/vmlinux -o embedded.o --embed 2> /dev/null
            unshare --mount sh -c '
                mount -t tmpfs none /sys/kernel/btf
                (while :; do : < /etc/hostname; sleep 0.02; done) & work=$!
                for service in embedded.o "plain.o --btf kernels" "plain.o --btf kernels/$(uname -m)/$(uname -r).btf" plain.o; do
                    "$skep" run $service --count 1 --json --quiet -- --target-pid $work | sed "s/$work/WORK/g"
                    echo $?
                done
                kill $work'
            """)
        let rows = answer.lines.filter { $0.contains("\"seen\":WORK,\"process\":WORK}") }
        #expect(rows.count == 3, "\(answer.output) \(answer.errors)")
        #expect(answer.errors.contains("skep: this kernel shows no types (BTF)"), "\(answer.errors)")
        #expect(answer.errors.contains("hint: "), "\(answer.errors)")
    }
}
