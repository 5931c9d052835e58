// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Counts system calls: how many of each, how many failed, and how long they took. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* Count only calls of this process; 0 for all. */
const volatile pid_t pid = 0;

/* Count only calls that failed. */
const volatile bool failed_only = false;

/* Measure also how long the calls take, which costs a little more. */
const volatile bool latency = false;

struct syscall_key {
    __u32 syscall;
};

struct syscall_counts {
    __u64 count;
    __u64 errors;
    __u64 total_ns;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, struct syscall_key);
    __type(value, struct syscall_counts);
} syscalls SEC(".maps");

/* When a thread entered the call it is in. A thread that ends in a call leaves its entry, so the oldest go first. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 32768);
    __type(key, __u32);
    __type(value, __u64);
} entries SEC(".maps");

struct syscall_enter {
    __u64 common;
    __s64 number;
    __u64 arguments[6];
};

struct syscall_exit {
    __u64 common;
    __s64 number;
    __s64 result;
};

SEC("tracepoint/raw_syscalls/sys_enter")
int enter(struct syscall_enter *context)
{
    __u64 id = bpf_get_current_pid_tgid();
    __u32 thread = id;
    __u64 now;

    if (!latency || (pid && pid != (pid_t)(id >> 32)))
        return 0;
    now = bpf_ktime_get_ns();
    bpf_map_update_elem(&entries, &thread, &now, BPF_ANY);
    return 0;
}

SEC("tracepoint/raw_syscalls/sys_exit")
int leave(struct syscall_exit *context)
{
    static const struct syscall_counts none;
    __u64 id = bpf_get_current_pid_tgid();
    __u32 thread = id;
    struct syscall_key key = {.syscall = context->number};
    struct syscall_counts *counts;
    /* The kernel's own error numbers; a large address is no error. */
    bool failed = context->result < 0 && context->result >= -4095;

    /* A signal's return restores registers: what they hold is no call. */
    if (context->number < 0 || (pid && pid != (pid_t)(id >> 32)) || (failed_only && !failed))
        return 0;
    counts = bpf_map_lookup_elem(&syscalls, &key);
    if (!counts) {
        bpf_map_update_elem(&syscalls, &key, &none, BPF_NOEXIST);
        counts = bpf_map_lookup_elem(&syscalls, &key);
        if (!counts)
            return 0;
    }
    __sync_fetch_and_add(&counts->count, 1);
    if (failed)
        __sync_fetch_and_add(&counts->errors, 1);
    if (latency) {
        __u64 *entered = bpf_map_lookup_elem(&entries, &thread);

        if (entered) {
            __sync_fetch_and_add(&counts->total_ns, bpf_ktime_get_ns() - *entered);
            bpf_map_delete_elem(&entries, &thread);
        }
    }
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
