// SPDX-License-Identifier: Apache-2.0

import Bytes
import ELF
import TestSupport

/// The program that most tests here read.
enum TestProgram {
    /// Compiles the program, or another source, for BPF.
    static func object(
        of source: String = source, target: String = "bpfel", _ arguments: [String] = []
    ) throws -> OwnedBytes {
        try CompiledC.compile(source, ["--target=\(target)", "-g", "-O2", "-c"] + arguments)
    }

    /// The compiled program with debug information of a version.
    static func file(_ target: String = "bpfel", version: Int = 5) throws -> ELFFile {
        try ELFFile(object(target: target, ["-gdwarf-\(version)"]))
    }

    static let source = """
        typedef unsigned int __u32; typedef unsigned long long __u64; typedef unsigned char __u8;
        struct { int (*type)[27]; int (*max_entries)[4096]; } events __attribute__((section(".maps"), used));
        struct { int (*type)[4]; } perf __attribute__((section(".maps"), used));
        static void *(*bpf_ringbuf_reserve)(void *ringbuf, __u64 size, __u64 flags) = (void *)131;
        static void (*bpf_ringbuf_submit)(void *data, __u64 flags) = (void *)132;
        static long (*bpf_perf_event_output)(void *c, void *m, __u64 f, void *d, __u64 s) = (void *)25;
        static __u64 (*bpf_get_current_pid_tgid)(void) = (void *)14;
        enum kind { OPEN = 1, CLOSE = -2 };
        enum wide { HUGE = 0xffffffff00000000ULL };
        struct node;
        struct event {
            __u32 pid;
            __u32 flag : 3;
            __u32 rest : 29;
            enum kind kind;
            union { __u64 wide; struct { __u8 a, b; }; };
            char name[16];
            int grid[2][3];
            struct event *next;
            struct node *unknown;
            int (*call)(int, const char *, ...);
            enum wide big;
            _Bool ok;
            float ratio;
            int tail[];
        };
        typedef struct { __u64 x; const volatile int *p; } small_t;
        // Shortest time to show, in microseconds.
        const volatile int min_us = 5;
        static inline void fill(struct event *target, int x) {
            struct event *alias = target;
            alias->pid = bpf_get_current_pid_tgid();
            alias->kind = x ? OPEN : CLOSE;
        }
        static inline struct event *reserve(void) {
            struct event *fresh = bpf_ringbuf_reserve(&events, sizeof(struct event), 0);
            return fresh;
        }
        __attribute__((section("tp/one"), used)) int one(void *ctx) {
            struct event *e = bpf_ringbuf_reserve(&events, sizeof *e, 0);
            if (!e) return 0;
            fill(e, min_us);
            bpf_ringbuf_submit(e, 0);
            return 0;
        }
        __attribute__((section("tp/two"), used)) int two(void *ctx) {
            small_t s = {.x = bpf_get_current_pid_tgid()};
            bpf_perf_event_output(ctx, &perf, 0xffffffffULL, &s, sizeof s);
            return 0;
        }
        __attribute__((section("tp/two"), used)) int three(void *ctx) {
            static int counter;
            struct event *kept = reserve();
            if (kept) {
                kept->name[0] = counter++;
                bpf_ringbuf_submit(kept, 0);
            }
            return 0;
        }
        """
}
