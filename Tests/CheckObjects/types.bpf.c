// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Types that kernels learned one after the other: float 5.13, declaration tags 5.16, type tags 5.17, 64-bit enums 6.0. */
#include "check.bpf.h"

enum wide { SMALL = 1, LARGE = 0x100000000ULL };

struct __attribute__((btf_decl_tag("skep:check"))) event {
    enum wide wide;
    int __attribute__((btf_type_tag("user"))) *pointer;
    __u32 number;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, struct event);
} typed SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} events SEC(".maps");

/* A floating-point number in a variable: programs cannot compute with it, but its type is there. */
double unused;
__u64 calls;

SEC("tracepoint/syscalls/sys_enter_getppid")
int fill(void *context)
{
    struct event *event;
    struct event value = {.wide = LARGE, .number = 42};
    __u32 key = 1;

    if (!is_target())
        return 0;
    calls++;
    bpf_map_update_elem(&typed, &key, &value, BPF_ANY);
    event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    if (!event)
        return 0;
    *event = value;
    bpf_ringbuf_submit(event, 0);
    return 0;
}
