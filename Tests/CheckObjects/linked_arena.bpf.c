// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Variables that are linked to those of arena.bpf.c, in the arena of that object. Linux 6.9. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_arena_common.h>

extern __u64 __arena total;
__u64 __arena own = 1000;
__u64 __arena copy;

SEC("syscall")
int add_own(void *context)
{
    copy = total + own;
    own += 1;
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
