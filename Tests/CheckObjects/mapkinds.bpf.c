// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Kinds of map that every kernel from 5.10 on has, used by a program at each call of getppid(2). */
#include "check.bpf.h"

struct prefix {
    __u32 length;
    __u8 address[4];
};

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(max_entries, 16);
    __type(key, struct prefix);
    __type(value, __u64);
} routes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_QUEUE);
    __uint(max_entries, 8);
    __type(value, __u64);
} queue SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_STACK);
    __uint(max_entries, 8);
    __type(value, __u64);
} stack SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
    __uint(max_entries, 64);
    __type(key, __u32);
    __type(value, __u64);
} recent_per_cpu SEC(".maps");

struct inner {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} first SEC(".maps"), second SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
    __uint(max_entries, 4);
    __type(key, __u32);
    __array(values, struct inner);
} by_parity SEC(".maps") = {.values = {[0] = &first, [1] = &second}};

struct {
    __uint(type, BPF_MAP_TYPE_STACK_TRACE);
    /* Enough that two stacks hardly ever want the same place, for which the kernel refuses the second. */
    __uint(max_entries, 4096);
    __uint(key_size, 4);
    __uint(value_size, 127 * 8);
} stacks SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
    __uint(max_entries, 1);
    __uint(key_size, 4);
    __uint(value_size, 4);
} groups SEC(".maps");

int called(void *context);

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 3);
    __uint(key_size, 4);
    __array(values, int(void *));
} calls SEC(".maps") = {.values = {[2] = (void *)&called}};

__u64 seen, tail_calls, missed_calls, under_group;
__u64 matched[4], popped, peeked, recent_lost;
__s64 stack_id = -1, kernel_stack_id = -1;

SEC("tracepoint/syscalls/sys_enter_getppid")
int called(void *context)
{
    tail_calls++;
    return 0;
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int use_maps(void *context)
{
    struct prefix addresses[4] = {
        {32, {10, 1, 2, 3}}, {32, {10, 9, 9, 9}}, {32, {192, 168, 1, 1}}, {32, {8, 8, 8, 8}},
    };
    __u64 *value, number, one = 1;
    __u32 key;
    void *inner;

    if (!is_target())
        return 0;
    number = seen++;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        value = bpf_map_lookup_elem(&routes, &addresses[i]);
        matched[i] = value ? *value : 0;
    }
    bpf_map_push_elem(&queue, &number, 0);
    bpf_map_push_elem(&stack, &number, 0);
    key = number & 1;
    value = bpf_map_lookup_elem(&recent_per_cpu, &key);
    if (value)
        *value += 1;
    else if (bpf_map_update_elem(&recent_per_cpu, &key, &one, BPF_ANY))
        recent_lost++;
    inner = bpf_map_lookup_elem(&by_parity, &key);
    if (inner)
        bpf_map_update_elem(inner, &key, &number, BPF_ANY);
    stack_id = bpf_get_stackid(context, &stacks, BPF_F_USER_STACK);
    under_group += bpf_current_task_under_cgroup(&groups, 0) == 1;
    bpf_tail_call(context, &calls, 2);
    missed_calls++;
    return 0;
}

SEC("tracepoint/syscalls/sys_enter_getpgid")
int take(void *context)
{
    __u64 value = 0;

    if (!is_target())
        return 0;
    if (!bpf_map_pop_elem(&queue, &value))
        popped = popped * 10 + value;
    if (!bpf_map_peek_elem(&stack, &value))
        peeked = value;
    return 0;
}

/* Programs at the tracepoint of one system call are given the caller's registers, from which many kernels find no way into
   their own stack. */
SEC("raw_tp/sys_enter")
int kernel_stack(void *context)
{
    if (is_target())
        kernel_stack_id = bpf_get_stackid(context, &stacks, 0);
    return 0;
}
