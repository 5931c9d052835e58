// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* A callback of bpf_for_each_map_elem(), Linux 5.13. */
#include "check.bpf.h"

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
} table SEC(".maps");

__u64 visited;

static long visit(void *map, __u32 *key, __u64 *value, void *context)
{
    __sync_fetch_and_add(&visited, 1);
    return 0;
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int walk(void *context)
{
    if (is_target())
        bpf_for_each_map_elem(&table, visit, 0, 0);
    return 0;
}
