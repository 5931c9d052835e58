// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* A hundred programs that share their types, maps and relocations: what loading one object costs. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct mm_struct {
    unsigned long total_vm, locked_vm, pinned_vm;
} __attribute__((preserve_access_index));

struct task_struct {
    int pid, tgid;
    char comm[16];
    struct mm_struct *mm;
    struct task_struct *real_parent, *group_leader;
    unsigned long long start_time;
} __attribute__((preserve_access_index));

struct event {
    __u32 pid, tgid, parent;
    __u64 start, pages;
    char name[16];
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __type(value, struct event);
} seen SEC(".maps");

const volatile __u32 wanted = 0;
__u64 total;

static __always_inline int look(__u32 number)
{
    struct task_struct *task = (void *)bpf_get_current_task();
    struct event event = {}, *known;

    event.pid = BPF_CORE_READ(task, pid);
    if (wanted && event.pid != wanted)
        return 0;
    event.tgid = BPF_CORE_READ(task, tgid);
    event.parent = BPF_CORE_READ(task, real_parent, tgid);
    event.start = BPF_CORE_READ(task, group_leader, start_time);
    event.pages = BPF_CORE_READ(task, mm, total_vm);
    bpf_get_current_comm(&event.name, sizeof(event.name));
    known = bpf_map_lookup_elem(&seen, &number);
    if (known)
        known->pages += event.pages;
    else
        bpf_map_update_elem(&seen, &number, &event, BPF_ANY);
    __sync_fetch_and_add(&total, 1);
    return 0;
}

#define PROGRAM(n)                    \
    SEC("raw_tp/sys_enter")           \
    int program_##n(void *context) { return look(n); }
#define TEN(n)                                                                                                    \
    PROGRAM(n##0) PROGRAM(n##1) PROGRAM(n##2) PROGRAM(n##3) PROGRAM(n##4) PROGRAM(n##5) PROGRAM(n##6) PROGRAM(n##7) \
        PROGRAM(n##8) PROGRAM(n##9)

TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) TEN(6) TEN(7) TEN(8) TEN(9) TEN(10)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
