// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* What an older kernel has in other words: helpers that read memory, constants, state in a map instead of a variable. */
#include "check.bpf.h"

const volatile __u64 first = 0x1234;
const volatile __u32 second = 0xfffffff0;
const volatile __u16 third = 7;
const volatile __s8 fourth = -3;

struct values {
    __u64 first, second, third, fourth, name, thread;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct values);
} values SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getppid")
int read(void *context)
{
    struct values found = {};
    char name[16] = {};
    __u32 key = 0, source = 42, copy = 0;

    if (!is_target())
        return 0;
    found.first = first;
    found.second = second;
    found.third = third;
    found.fourth = (__s64)fourth;
    bpf_probe_read_kernel(&copy, sizeof(copy), &source);
    found.thread = copy;
    name[0] = 'a';
    name[1] = 'b';
    found.name = bpf_probe_read_kernel_str(name + 8, 8, name);
    bpf_map_update_elem(&values, &key, &found, BPF_ANY);
    return 0;
}
