// SPDX-License-Identifier: Apache-2.0

/// Small services in C. Each observes one process only, which the tests start.
enum ServiceSources {
    /// Every source by its file's name.
    static let all: [(name: String, text: String)] = [
        ("opens.bpf.c", head + opens), ("mixed.bpf.c", head + mixed), ("rejected.bpf.c", head + rejected),
        ("function-entry.bpf.c", head + program("fentry/do_unlinkat")),
        ("kernel-probe.bpf.c", head + program("kprobe/do_unlinkat")),
        ("packets.bpf.c", head + program("xdp")), ("group.bpf.c", head + program("cgroup_skb/egress")),
        ("function.bpf.c", head + program("uprobe")), ("route.bpf.c", head + program("lwt_xmit")),
        (
            "filter.bpf.c",
            head
                + "__u64 hits;\nSEC(\"netfilter\") int first(void *ctx) { __sync_fetch_and_add(&hits, 1); return 1; }\n"
        ),
        ("unknown-event.bpf.c", head + program("tracepoint/nosuch/event")),
        (
            "kernel-types.bpf.c",
            "#include \"vmlinux.h\"\n" + head.dropFirstLine + program("tracepoint/syscalls/sys_enter_getpid")
        ),
        ("iterators.bpf.c", "#include \"vmlinux.h\"\n" + head.dropFirstLine + iterators),
        ("relocated.bpf.c", head + relocated),
        ("reuse.bpf.c", head + counting("sk_reuseport", 1)),
        ("many-maps.bpf.c", head + socketMaps), ("sampling.bpf.c", head + counting("perf_event", 0)),
        ("broken.bpf.c", "int answer( { return 42; }\n"), ("nothing.bpf.c", "int number;\n"),
        ("several/one.bpf.c", head), ("several/two.bpf.c", head), ("single/opens.bpf.c", head + opens),
    ]

    private static let head = """
        #include <linux/bpf.h>
        #include <bpf/bpf_helpers.h>
        char LICENSE[] SEC("license") = "GPL";

        """

    private static func program(_ section: String) -> String {
        "SEC(\"\(section)\") int first(void *ctx) { return 0; }\n"
    }

    private static func counting(_ section: String, _ value: Int) -> String {
        "__u64 hits;\nSEC(\"\(section)\") int first(void *ctx) { __sync_fetch_and_add(&hits, 1); return \(value); }\n"
    }

    private static let socketMaps = """
        struct { __uint(type, BPF_MAP_TYPE_SOCKMAP); __uint(max_entries, 2); __type(key, __u32); __type(value, __u32); }
            first_sockets SEC(".maps"), second_sockets SEC(".maps");
        SEC("sk_msg") int pass(void *ctx) { return 1; }

        """

    /// Reads a field that is at another place here than in the kernel.
    private static let relocated =
        context + """
            struct task_struct { long elsewhere[3]; int tgid; } __attribute__((preserve_access_index));
            struct event { __u32 seen; __u32 process; };
            struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 65536); } events SEC(".maps");
            SEC("tracepoint/syscalls/sys_enter_openat") int opened(void *call)
            {
                if (is_other()) return 0;
                struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
                if (!event) return 0;
                struct task_struct *task = (void *) bpf_get_current_task();
                event->seen = bpf_get_current_pid_tgid() >> 32;
                event->process = 0;
                bpf_probe_read_kernel(&event->process, 4, &task->tgid);
                bpf_ringbuf_submit(event, 0);
                return 0;
            }

            """

    private static let iterators = """
        struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 3); __type(key, __u32); __type(value, __u64); }
            numbers SEC(".maps");
        struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 9); __type(key, __u32); __type(value, __u64); }
            many SEC(".maps");

        SEC("iter/bpf_map_elem") int elements(struct bpf_iter__bpf_map_elem *ctx)
        {
            __u32 *key = ctx->key;
            __u64 *value = ctx->value, arguments[2];
            if (!key || !value) return 0;
            arguments[0] = *key;
            arguments[1] = *value;
            static const char form[] = "%llu = %llu\\n";
            bpf_seq_printf(ctx->meta->seq, form, sizeof(form), arguments, sizeof(arguments));
            return 0;
        }

        SEC("iter/bpf_map_elem") int again(struct bpf_iter__bpf_map_elem *ctx)
        {
            __u32 *key = ctx->key;
            if (!key) return 0;
            __u64 number = *key;
            static const char form[] = "%llu\\n";
            bpf_seq_printf(ctx->meta->seq, form, sizeof(form), &number, sizeof(number));
            return 0;
        }

        SEC("iter/bpf_map_elem") int records(struct bpf_iter__bpf_map_elem *ctx)
        {
            __u32 *key = ctx->key;
            if (!key) return 0;
            __u32 number = *key;
            bpf_seq_write(ctx->meta->seq, &number, sizeof(number));
            return 0;
        }

        SEC("iter/task") int tasks(struct bpf_iter__task *ctx)
        {
            struct task_struct *task = ctx->task;
            if (!task) return 0;
            __u64 arguments[2] = { task->pid, (__u64) task->comm };
            static const char form[] = "%llu %s\\n";
            bpf_seq_printf(ctx->meta->seq, form, sizeof(form), arguments, sizeof(arguments));
            return 0;
        }

        """

    private static let context = """
        struct call { __u64 header; __s64 number; __u64 arguments[6]; };
        const volatile __u32 target_pid = 0;
        static int is_other(void) { return !target_pid || bpf_get_current_pid_tgid() >> 32 != target_pid; }

        """

    private static let opens =
        context + """
            struct event { __u32 pid; int ret; char comm[16]; char fname[32]; };
            struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 65536); } events SEC(".maps");
            struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32); __type(value, __u64); __uint(max_entries, 16); }
                counts SEC(".maps");
            // Show failed calls only.
            const volatile _Bool only_failed = 0;
            int code = -2;
            __u64 seen;

            static void put(__u32 key, __u64 value) { bpf_map_update_elem(&counts, &key, &value, BPF_ANY); }

            SEC("tracepoint/syscalls/sys_enter_openat") int opened(struct call *call)
            {
                if (is_other() || only_failed) return 0;
                put(1, 10);
                put(2, 20);
                put(3, 30);
                struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
                if (!event) return 0;
                seen++;
                event->pid = target_pid;
                event->ret = code;
                bpf_get_current_comm(event->comm, sizeof(event->comm));
                bpf_probe_read_user_str(event->fname, sizeof(event->fname), (void *) call->arguments[1]);
                bpf_ringbuf_submit(event, 0);
                return 0;
            }

            """

    private static let mixed =
        context + """
            struct opened { __u32 pid; char fname[32]; };
            struct closed { __u32 pid; __u64 descriptor; };
            struct hist { __u32 slots[8]; };
            struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 65536); } opens SEC(".maps");
            struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __uint(key_size, 4); __uint(value_size, 4); }
                closes SEC(".maps");
            struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32); __type(value, struct hist); __uint(max_entries, 4); }
                numbers SEC(".maps");

            SEC("tracepoint/syscalls/sys_enter_openat") int on_open(struct call *call)
            {
                if (is_other()) return 0;
                struct opened *opened = bpf_ringbuf_reserve(&opens, sizeof(*opened), 0);
                if (!opened) return 0;
                opened->pid = target_pid;
                bpf_probe_read_user_str(opened->fname, sizeof(opened->fname), (void *) call->arguments[1]);
                bpf_ringbuf_submit(opened, 0);
                bpf_printk("opening in %d", target_pid);
                return 0;
            }

            SEC("tracepoint/syscalls/sys_enter_close") int on_close(struct call *call)
            {
                if (is_other()) return 0;
                struct closed closed = { .pid = target_pid, .descriptor = call->arguments[0] };
                bpf_perf_event_output(call, &closes, BPF_F_CURRENT_CPU, &closed, sizeof(closed));
                __u32 key = target_pid;
                struct hist zero = {}, *hist;
                bpf_map_update_elem(&numbers, &key, &zero, BPF_NOEXIST);
                hist = bpf_map_lookup_elem(&numbers, &key);
                if (hist) __sync_fetch_and_add(&hist->slots[2], 1);
                return 0;
            }

            """

    private static let rejected = """
        struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32); __type(value, __u64); __uint(max_entries, 16); }
            counts SEC(".maps");
        SEC("tracepoint/syscalls/sys_enter_getpid") int count(void *ctx)
        {
            __u32 key = 0;
            __u64 *value = bpf_map_lookup_elem(&counts, &key);
            *value += 1;
            return 0;
        }

        """
}

extension String {
    /// The text without its first line, which names the header that `vmlinux.h` replaces.
    fileprivate var dropFirstLine: String {
        String(drop { $0 != "\n" }.dropFirst())
    }
}
