// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Fills a ring buffer, one record a run. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 64 * 1024 * 1024);
} ring SEC(".maps");

#define FILL(size) \
    SEC("socket") int fill_##size(struct __sk_buff *packet) \
    { \
        char record[size] = {1}; \
        return bpf_ringbuf_output(&ring, record, size, BPF_RB_NO_WAKEUP) != 0; \
    }

FILL(16)
FILL(64)
FILL(256)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
