// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Records from user space, added up at each call of getppid(2). Linux 6.1. */
#include "check.bpf.h"

struct {
    __uint(type, BPF_MAP_TYPE_USER_RINGBUF);
    __uint(max_entries, 4096);
} commands SEC(".maps");

__u64 records, sum, drained;

static long take(struct bpf_dynptr *record, void *context)
{
    __u64 number = 0;

    if (bpf_dynptr_read(&number, sizeof(number), record, 0, 0))
        return 1;
    records++;
    sum += number;
    return 0;
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int drain(void *context)
{
    if (is_target())
        drained += bpf_user_ringbuf_drain(&commands, take, NULL, 0);
    return 0;
}
