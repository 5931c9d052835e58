// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Measures how long threads that could run wait for a processor, as a histogram in microseconds. */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "../common/histogram.bpf.h"

/* Measure only threads of this process; 0 for all. */
const volatile pid_t pid = 0;

/* One histogram for each process instead of one for all. */
const volatile bool by_process = false;

struct process_key {
    pid_t pid;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, struct process_key);
    __type(value, struct log2_histogram);
} latency_us SEC(".maps");

/* When a thread began to wait, by its number. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 32768);
    __type(key, __u32);
    __type(value, __u64);
} waiting SEC(".maps");

/* Before Linux 5.14 the field had another name. */
struct task_struct___before_5_14 {
    volatile long state;
};

static __always_inline bool can_run(struct task_struct *task)
{
    struct task_struct___before_5_14 *old = (void *)task;

    if (bpf_core_field_exists(task->__state))
        return BPF_CORE_READ(task, __state) == 0;
    return BPF_CORE_READ(old, state) == 0;
}

static __always_inline int begin(struct task_struct *task)
{
    __u32 thread = task->pid;
    __u64 now = bpf_ktime_get_ns();

    if (thread == 0 || (pid && pid != task->tgid))
        return 0;
    bpf_map_update_elem(&waiting, &thread, &now, BPF_ANY);
    return 0;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(wakeup, struct task_struct *task)
{
    return begin(task);
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(wakeup_new, struct task_struct *task)
{
    return begin(task);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switch_to, bool preempt, struct task_struct *previous, struct task_struct *next)
{
    __u32 thread = next->pid;
    struct process_key process = {.pid = by_process ? next->tgid : 0};
    struct log2_histogram *histogram;
    __u64 *since, waited;

    /* A thread that is taken off its processor but could go on waits from now. */
    if (can_run(previous))
        begin(previous);

    since = bpf_map_lookup_elem(&waiting, &thread);
    if (!since)
        return 0;
    waited = bpf_ktime_get_ns() - *since;
    bpf_map_delete_elem(&waiting, &thread);
    if ((__s64)waited < 0)
        return 0;
    histogram = bpf_map_lookup_elem(&latency_us, &process);
    if (!histogram) {
        bpf_map_update_elem(&latency_us, &process, &empty_histogram, BPF_NOEXIST);
        histogram = bpf_map_lookup_elem(&latency_us, &process);
        if (!histogram)
            return 0;
    }
    histogram_add(histogram, waited / 1000);
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
