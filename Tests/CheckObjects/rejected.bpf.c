// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* The verifier must say no: a pointer is used before it was compared with NULL. */
#include "check.bpf.h"

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} counts SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getppid")
int unchecked(void *context)
{
    __u32 key = target;
    __u64 *value = bpf_map_lookup_elem(&counts, &key);

    *value += 1;
    return 0;
}
