// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* A map that outlives its object by its name. */
#include "check.bpf.h"

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
    __uint(pinning, LIBBPF_PIN_BY_NAME);
} kept SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getppid")
int count(void *context)
{
    __u32 key = 0;
    __u64 *value = bpf_map_lookup_elem(&kept, &key);

    if (value && is_target())
        __sync_fetch_and_add(value, 1);
    return 0;
}
