// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Samples what the processors run and counts the stacks of calls, in the kernel and in programs. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* Sample only this process; 0 for all. */
const volatile pid_t pid = 0;

/* Leave out the kernel's part of the stacks. */
const volatile bool user_only = false;

/* Leave out the programs' part of the stacks. */
const volatile bool kernel_only = false;

/* Samples whose stack found no room, or that found no room for a new count. */
__u64 lost;

#define STACK_DEPTH 127

struct stack_key {
    pid_t pid;
    /* Numbers in the map `stacks`; negative where there is no such part. */
    int kernel_stack_id;
    int user_stack_id;
    char comm[16];
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384);
    __type(key, struct stack_key);
    __type(value, __u64);
} counts SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_STACK_TRACE);
    __uint(max_entries, 16384);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, STACK_DEPTH * sizeof(__u64));
} stacks SEC(".maps");

#define EEXIST 17

SEC("perf_event")
int sample(struct bpf_perf_event_data *context)
{
    static const __u64 one = 1;
    struct stack_key stack = {.kernel_stack_id = -1, .user_stack_id = -1};
    __u64 *count;

    stack.pid = bpf_get_current_pid_tgid() >> 32;
    /* Number 0 is the idle loop. */
    if (stack.pid == 0 || (pid && pid != stack.pid))
        return 0;
    if (!user_only)
        stack.kernel_stack_id = bpf_get_stackid(context, &stacks, 0);
    if (!kernel_only)
        stack.user_stack_id = bpf_get_stackid(context, &stacks, BPF_F_USER_STACK);
    /* Another stack has the place that this one hashes to. */
    if (stack.kernel_stack_id == -EEXIST || stack.user_stack_id == -EEXIST)
        __sync_fetch_and_add(&lost, 1);
    bpf_get_current_comm(stack.comm, sizeof(stack.comm));
    count = bpf_map_lookup_elem(&counts, &stack);
    if (count)
        __sync_fetch_and_add(count, 1);
    else if (bpf_map_update_elem(&counts, &stack, &one, BPF_NOEXIST))
        __sync_fetch_and_add(&lost, 1);
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
