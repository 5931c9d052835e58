// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* The other half of a linked object. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

extern const volatile __u32 target;

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
} seen SEC(".maps");

__u64 sum, second_calls, second_last;
static __u64 own_second = 200;

int weight(void) { return 7; }

int add(int amount)
{
    sum += amount;
    return 0;
}

static __noinline __u64 next_second(void)
{
    own_second += 1;
    return own_second + (bpf_get_current_pid_tgid() == 0);
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int second(void *context)
{
    __u32 key = 2;
    if ((__u32)bpf_get_current_pid_tgid() != target) return 0;
    second_calls += 1;
    second_last = next_second();
    bpf_map_update_elem(&seen, &key, &second_last, 0);
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
