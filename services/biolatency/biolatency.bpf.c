// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Measures how long disks take for a request, as a histogram in microseconds for each disk. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "../common/histogram.bpf.h"

/* Count the time in the kernel's queue as well, not only that in the device. */
const volatile bool queued = false;

struct disk_key {
    dev_t dev;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 256);
    __type(key, struct disk_key);
    __type(value, struct log2_histogram);
} latency_us SEC(".maps");

/* Which request: its device and where on it. */
struct request_key {
    __u64 dev;
    __u64 sector;
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 16384);
    __type(key, struct request_key);
    __type(value, __u64);
} started SEC(".maps");

/*
 * The first fields of the block tracepoints, which have been the same since long before 5.10; what follows them, their
 * arguments and their structs' names have all changed.
 */
struct block_context {
    __u64 common;
    __u32 dev;
    __u64 sector;
};

static __always_inline int begin(struct block_context *context)
{
    struct request_key key = {.dev = context->dev, .sector = context->sector};
    __u64 now = bpf_ktime_get_ns();

    bpf_map_update_elem(&started, &key, &now, BPF_ANY);
    return 0;
}

SEC("tracepoint/block/block_rq_insert")
int insert(struct block_context *context)
{
    return queued ? begin(context) : 0;
}

SEC("tracepoint/block/block_rq_issue")
int issue(struct block_context *context)
{
    struct request_key key = {.dev = context->dev, .sector = context->sector};

    /* One that went through the queue began there; one that did not begins here. */
    if (queued && bpf_map_lookup_elem(&started, &key))
        return 0;
    return begin(context);
}

SEC("tracepoint/block/block_rq_complete")
int complete(struct block_context *context)
{
    struct request_key key = {.dev = context->dev, .sector = context->sector};
    struct disk_key disk = {.dev = context->dev};
    struct log2_histogram *histogram;
    __u64 *since = bpf_map_lookup_elem(&started, &key);
    __u64 taken;

    if (!since)
        return 0;
    taken = bpf_ktime_get_ns() - *since;
    bpf_map_delete_elem(&started, &key);
    if ((__s64)taken < 0)
        return 0;
    histogram = bpf_map_lookup_elem(&latency_us, &disk);
    if (!histogram) {
        bpf_map_update_elem(&latency_us, &disk, &empty_histogram, BPF_NOEXIST);
        histogram = bpf_map_lookup_elem(&latency_us, &disk);
        if (!histogram)
            return 0;
    }
    histogram_add(histogram, taken / 1000);
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
