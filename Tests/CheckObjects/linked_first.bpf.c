// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* One half of a linked object: what it declares, the other half defines. */
#include "check.bpf.h"

extern struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
} seen __attribute__((section(".maps")));

extern __u64 sum;
extern int add(int amount);

__u64 first_calls, first_last;
static __u64 own_first = 100;

/* The other half's strong definition replaces this one. */
__weak int weight(void) { return 1; }

static __noinline __u64 next_first(void)
{
    own_first += 1;
    return own_first + (bpf_get_current_pid_tgid() == 0);
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int first(void *context)
{
    __u32 key = 1;
    if (!is_target()) return 0;
    first_calls += 1;
    first_last = next_first();
    add(weight());
    bpf_map_update_elem(&seen, &key, &first_last, 0);
    return sum == 0;
}
