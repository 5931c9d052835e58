// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* A bloom filter that user space fills and a program asks. Linux 5.16. */
#include "check.bpf.h"

struct {
    __uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
    __uint(max_entries, 1000);
    __uint(map_extra, 3);
    __type(value, __u32);
} filter SEC(".maps");

__u64 hits, misses;
__u32 next;

SEC("tracepoint/syscalls/sys_enter_getppid")
int ask(void *context)
{
    __u32 value, pushed;

    if (!is_target())
        return 0;
    value = next++;
    if (bpf_map_peek_elem(&filter, &value))
        misses++;
    else
        hits++;
    pushed = value + 1000000;
    bpf_map_push_elem(&filter, &pushed, 0);
    return 0;
}
