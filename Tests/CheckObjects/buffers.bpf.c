// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* One program that sends through a ring buffer where the kernel has them, else through a perf buffer. */
#include "check.bpf.h"
#include <bpf/bpf_core_read.h>

struct bpf_ringbuf {
    int unused;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} ring SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, 4);
    __uint(value_size, 4);
} perf SEC(".maps");

__u64 calls;

SEC("tracepoint/syscalls/sys_enter_getppid")
int choose(void *context)
{
    __u64 *place, number;

    if (!is_target())
        return 0;
    number = calls++;
    if (bpf_core_type_exists(struct bpf_ringbuf)) {
        place = bpf_ringbuf_reserve(&ring, sizeof(*place), 0);
        if (place) {
            *place = number;
            bpf_ringbuf_submit(place, 0);
        }
    } else {
        bpf_perf_event_output(context, &perf, BPF_F_CURRENT_CPU, &number, sizeof(number));
    }
    return 0;
}

SEC("?tracepoint/syscalls/sys_enter_getppid")
int insist(void *context)
{
    __u64 number = 1;

    bpf_ringbuf_output(&ring, &number, sizeof(number), 0);
    return 0;
}
