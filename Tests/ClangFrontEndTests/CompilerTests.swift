// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics
import Testing

@testable import ClangFrontEnd

@Suite("Compiling", .enabled(if: Machine.clang != nil, "needs a clang that compiles for BPF"))
struct CompilerTests {
    private static let noHeader = KernelHeaderCache(folder: nil, key: "none") { throw CancellationError() }

    /// Options that leave the system's own headers out.
    private static let alone = CompilerOptions(isColored: false, systemFolders: [])

    private static func compile(
        _ text: String, options: CompilerOptions = alone, header: KernelHeaderCache = noHeader
    ) throws -> CompiledObject {
        let place = try Workplace()
        let source = try CSource(at: try place.write("one.bpf.c", text))
        return try ClangCompiler(explicitPath: Machine.clang, headers: Machine.headers)
            .compile(source, options: options, kernelHeader: header)
    }

    @Test("a program becomes a BPF object")
    func object() throws {
        let object = try Self.compile(
            """
            #include <linux/bpf.h>
            #include <bpf/bpf_helpers.h>
            struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
            SEC("xdp") int drop(struct xdp_md *ctx) { bpf_printk("%d %d", ctx->data, 2); return XDP_DROP; }
            char LICENSE[] SEC("license") = "GPL";
            """)
        #expect(object.bytes.span.integer(at: 0, as: UInt32.self, order: .big) == 0x7f45_4c46)
        #expect(object.bytes.span.integer(at: 18, as: UInt16.self, order: .host) == 247)
        #expect(object.warnings.isEmpty)
        #expect(!object.usesKernelHeader)
    }

    @Test(
        "every header compiles alone, without the system's, and without warnings",
        arguments: [
            "bpf/bpf_helpers.h", "bpf/bpf_tracing.h", "bpf/bpf_core_read.h", "bpf/bpf_endian.h", "linux/bpf.h",
            "linux/pkt_cls.h", "linux/if_ether.h", "linux/ip.h", "linux/ipv6.h", "linux/tcp.h", "linux/udp.h",
            "linux/icmp.h", "linux/icmpv6.h", "linux/in.h", "linux/in6.h", "linux/if.h", "linux/if_arp.h",
            "linux/ptrace.h", "linux/perf_event.h", "linux/bpf_perf_event.h", "linux/errno.h", "linux/socket.h",
            "linux/version.h", "linux/filter.h", "linux/sched.h", "linux/netfilter.h", "asm/unistd.h", "stdint.h",
            "string.h", "arpa/inet.h", "netinet/in.h", "sys/socket.h", "stdio.h", "unistd.h", "asm/byteorder.h",
        ])
    func header(name: String) throws {
        var options = Self.alone
        options.extraArguments = ["-Wall", "-Wno-unused"]
        #expect(try Self.compile("#include <\(name)>\n", options: options).warnings == "")
    }

    @Test("tracing macros compile for every machine", arguments: ["x86", "arm64", "riscv", "s390", "loongarch"])
    func machines(architecture: String) throws {
        var options = Self.alone
        options.architecture = architecture
        let object = try Self.compile(
            """
            #include <linux/bpf.h>
            #include <linux/ptrace.h>
            #include <bpf/bpf_helpers.h>
            #include <bpf/bpf_tracing.h>
            SEC("kprobe/x") int BPF_KPROBE(a, int one, void *two) { return one + !two + PT_REGS_IP(ctx); }
            SEC("kretprobe/x") int BPF_KRETPROBE(b, long result) { return result; }
            SEC("ksyscall/x") int BPF_KSYSCALL(c, int a, char *b, long d, long e) { return a + !b + d + e; }
            SEC("fentry/x") int BPF_PROG(d, short one, char two, void *three) { return one + two + !three; }
            struct pair { long a, b; };
            SEC("fentry/x") int BPF_PROG2(e, int, one, struct pair, two, char, three) { return one + two.b + three; }
            SEC("fentry/x") int BPF_PROG(f) { return 0; }
            """, options: options)
        #expect(object.bytes.count > 0)
        #expect(object.warnings == "")
    }

    @Test("macros of current sources compile with every instruction set", arguments: ["v1", "v2", "v3", "v4"])
    func macros(cpu: String) throws {
        var options = Self.alone
        options.cpu = cpu
        options.extraArguments = ["-Wall"]
        // A kernel of a few types: bit fields, chains, names that the interface headers have too.
        let header = KernelHeaderCache(folder: nil, key: "k") {
            """
            typedef unsigned char __u8; typedef short __s16; typedef unsigned short __u16; typedef int __s32;
            typedef unsigned int __u32; typedef long long __s64; typedef unsigned long long __u64;
            typedef __u16 __be16; typedef __u32 __be32; typedef __u32 __wsum;
            enum bpf_map_type { BPF_MAP_TYPE_HASH = 1, BPF_MAP_TYPE_ARRAY = 2, BPF_MAP_TYPE_RINGBUF = 27 };
            struct pt_regs { unsigned long di, si, dx, cx, r8, r9, r10, ax, sp, bp, ip; };
            struct bpf_iter_num { __u64 opaque[1]; } __attribute__((aligned(8)));
            #pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
            struct ethhdr { unsigned char h_dest[6], h_source[6]; __be16 h_proto; };
            struct mm { struct file *exe; };
            struct file { struct name { const char *text; } name; };
            struct task { struct mm *mm; struct task *parent; int pid; char comm[16]; unsigned a : 3; int b : 5; };
            #pragma clang attribute pop

            """
        }
        let object = try Self.compile(Self.everyMacro, options: options, header: header)
        #expect(object.warnings == "")
        #expect(object.usesKernelHeader)
    }

    private static let everyMacro = """
        #include "vmlinux.h"
        #include <bpf/bpf_helpers.h>
        #include <bpf/bpf_tracing.h>
        #include <bpf/bpf_core_read.h>
        #include <bpf/bpf_endian.h>
        #include <bpf/usdt.bpf.h>
        #include <linux/if_ether.h>
        struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, int); };
        struct { __uint(type, 12); __uint(max_entries, 2); __type(key, int); __array(values, struct inner); } o SEC(".maps");
        struct { __uint(type, 33); __uint(max_entries, 2); __ulong(map_extra, 1ull << 44); } arena SEC(".maps");
        struct { __uint(type, 3); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } p SEC(".maps");
        extern int LINUX_KERNEL_VERSION __kconfig;
        extern void bpf_rcu_read_lock(void) __ksym __weak;
        __noinline int check(void *c __arg_ctx, int *n __arg_nullable) { return n ? *n : 0; }
        SEC("tp_btf/x") int BPF_PROG(one, _Bool preempt, struct task *prev, struct task *next)
        {
            int i, sum = 0, *v;
            char text[32];
            bpf_for(i, 0, 8) bpf_repeat(3) sum++;
            bpf_for_each(num, v, 0, 5) sum += *v;
            if (bpf_ksym_exists(bpf_rcu_read_lock) && preempt) sum++;
            bpf_printk("none");
            bpf_printk("one %d", sum);
            bpf_printk("four %d %s %p %lx", sum, prev->comm, prev, BPF_CORE_READ(prev, mm, exe));
            BPF_SNPRINTF(text, sizeof(text), "%d %d", sum, 5);
            BPF_CORE_READ_STR_INTO(&text, prev, mm, exe, name.text);
            sum += BPF_CORE_READ(BPF_CORE_READ(prev, parent), pid) + BPF_CORE_READ(next, parent, parent, parent, pid);
            BPF_PROBE_READ_INTO(&sum, prev, pid);
            sum += BPF_CORE_READ_BITFIELD_PROBED(prev, a) + BPF_CORE_READ_BITFIELD(prev, b);
            sum += bpf_core_field_exists(prev->pid) + bpf_core_field_size(struct task, comm);
            sum += bpf_core_field_offset(struct task, mm) + bpf_core_type_size(struct task);
            sum += bpf_core_type_exists(struct mm) + bpf_core_type_matches(struct mm) + LINUX_KERNEL_VERSION;
            sum += bpf_core_type_id_local(struct mm) + bpf_core_type_id_kernel(struct mm);
            sum += bpf_core_enum_value(enum bpf_map_type, BPF_MAP_TYPE_HASH);
            sum += bpf_core_enum_value_exists(enum bpf_map_type, BPF_MAP_TYPE_HASH);
            return sum + bpf_core_cast(prev, struct task)->pid + check(ctx, &sum);
        }
        SEC("struct_ops/x") int BPF_PROG(two, struct task *t) { BPF_CORE_WRITE_BITFIELD(t, b, -3); return 0; }
        SEC("ksyscall/x") int BPF_KSYSCALL(three, int pid, char *name) { return pid + !name; }
        SEC("usdt") int BPF_USDT(four, long a, int b)
        {
            return a + b + bpf_usdt_cookie(ctx) + bpf_usdt_arg_cnt(ctx) + bpf_usdt_arg_size(ctx, 1);
        }
        SEC("xdp") int five(void *ctx)
        {
            struct ethhdr h = { .h_proto = bpf_htons(ETH_P_IP) };
            bpf_tail_call_static(ctx, &p, 1);
            switch (h.h_proto) { case bpf_htons(ETH_P_IPV6): return 1; }
            return likely(h.h_source[0]) ? 2 : bpf_ntohl(3) == 3;
        }
        char LICENSE[] SEC("license") = "Dual BSD/GPL";
        """

    @Test("clang's own words are the error's detail")
    func refused() throws {
        let error = try #require(throws: ClangError.self) { try Self.compile("int x = ;\n") }
        #expect(error.code == .compilationFailed)
        #expect(error.message == "'one.bpf.c' does not compile")
        #expect(error.detail?.contains("one.bpf.c:1:9: error: expected expression") == true)
        #expect(error.detail?.contains("\u{1b}") == false)
        #expect(error.failure == .failed)
    }

    @Test("colour is asked for when wanted")
    func color() throws {
        var options = Self.alone
        options.isColored = true
        let error = try #require(throws: ClangError.self) { try Self.compile("int x = ;\n", options: options) }
        #expect(error.detail?.contains("\u{1b}[") == true)
    }

    @Test("the caller's folders, macros and arguments reach clang; its folders come before ours")
    func callersArguments() throws {
        let place = try Workplace()
        try place.write("linux/types.h", "#define MINE 1\n")
        var options = Self.alone
        options.includeFolders = [place.path]
        options.definitions = ["NUMBER=7"]
        options.extraArguments = ["-Werror=unused-variable"]
        let text = """
            #include <linux/types.h>
            _Static_assert(MINE && NUMBER == 7, "");
            """
        _ = try Self.compile(text, options: options)
        #expect(throws: ClangError.self) { try Self.compile("int f(void) { int x; return 0; }", options: options) }
    }

    @Test("vmlinux.h is made only for sources that include it, directly or through their own headers")
    func kernelHeader() throws {
        let place = try Workplace()
        let header = KernelHeaderCache(folder: place.path + "/cache", key: "k") { "struct task_struct { int pid; };\n" }
        let text = "#include \"mine.h\"\nint f(struct task_struct *t) { return t->pid; }\n"
        try place.write("mine.h", "#include \"vmlinux.h\"\n")
        let source = try CSource(at: try place.write("a.bpf.c", text))
        let compiler = try ClangCompiler(explicitPath: Machine.clang, headers: Machine.headers)
        #expect(try compiler.compile(source, options: Self.alone, kernelHeader: header).usesKernelHeader)
        #expect(place.names(in: "cache/vmlinux/k") == ["vmlinux.h"])

        // A project's own stands.
        try place.write("vmlinux.h", "struct task_struct { int pid; };\n")
        #expect(try !compiler.compile(source, options: Self.alone, kernelHeader: Self.noHeader).usesKernelHeader)
    }

    @Test("a compiler that does not end is ended")
    func timeLimit() throws {
        let place = try Workplace()
        let slow = try place.script("slow", "echo thinking >&2\nexec sleep 60\n")
        let source = try CSource(at: try place.write("a.bpf.c", ""))
        var options = Self.alone
        options.timeLimit = 1
        let error = try #require(throws: ClangError.self) {
            try ClangCompiler(explicitPath: slow, headers: Machine.headers)
                .compile(source, options: options, kernelHeader: Self.noHeader)
        }
        #expect(error.code == .timedOut)
        #expect(error.detail == "thinking\n")
    }

    @Test("endless output is cut, not kept")
    func boundedOutput() throws {
        let place = try Workplace()
        let loud = try place.script("loud", "head -c 5000000 /dev/zero | tr '\\0' x >&2\nexit 1\n")
        let source = try CSource(at: try place.write("a.bpf.c", ""))
        let error = try #require(throws: ClangError.self) {
            try ClangCompiler(explicitPath: loud, headers: Machine.headers)
                .compile(source, options: Self.alone, kernelHeader: Self.noHeader)
        }
        #expect(error.detail?.utf8.count == 1 << 20)
    }

    @Test("a clang without the BPF target and a missing clang are named plainly")
    func unsuitableCompilers() throws {
        let place = try Workplace()
        let other = try place.script(
            "other", "echo 'error: unable to create target: No available targets' >&2\nexit 1\n")
        let source = try CSource(at: try place.write("a.bpf.c", ""))
        let error = try #require(throws: ClangError.self) {
            try ClangCompiler(explicitPath: other, headers: Machine.headers)
                .compile(source, options: Self.alone, kernelHeader: Self.noHeader)
        }
        #expect(error.code == .targetMissing)
        #expect(error.hint != nil)
        let missing = try #require(throws: ClangError.self) {
            try ClangCompiler(explicitPath: place.path + "/nothing", headers: Machine.headers)
        }
        #expect(missing.code == .compilerMissing)
    }
}
