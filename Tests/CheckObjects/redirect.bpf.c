// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Sends frames of the checks' ethertype to what user space put into maps: interfaces, CPUs, sockets. */
#include "check.bpf.h"

#define ETHERTYPE 0x88b5

#define TARGETS(kind, size, name)    \
    struct {                         \
        __uint(type, kind);          \
        __uint(max_entries, 4);      \
        __uint(key_size, 4);         \
        __uint(value_size, size);    \
    } name SEC(".maps")

TARGETS(BPF_MAP_TYPE_DEVMAP, 8, devices);
TARGETS(BPF_MAP_TYPE_DEVMAP_HASH, 8, hashed_devices);
TARGETS(BPF_MAP_TYPE_CPUMAP, 8, processors);
TARGETS(BPF_MAP_TYPE_XSKMAP, 4, sockets);
/* The kernel keeps programs that take fragments and those that do not apart. */
TARGETS(BPF_MAP_TYPE_DEVMAP, 8, devices_for_fragments);
TARGETS(BPF_MAP_TYPE_CPUMAP, 8, processors_for_fragments);

/* Which map and key. */
__u32 map_number, key;
/* Frames that were sent on, those that a program in a map saw, and those of them in fragments. */
__u64 hits, map_hits, large_hits;

static __always_inline bool is_ours(struct xdp_md *context)
{
    void *end = (void *)(long)context->data_end;
    unsigned char *frame = (void *)(long)context->data;

    return (void *)(frame + 14) <= end && frame[12] == ETHERTYPE >> 8 && frame[13] == (ETHERTYPE & 0xff);
}

SEC("xdp")
int redirect(struct xdp_md *context)
{
    if (!is_ours(context))
        return XDP_PASS;
    __sync_fetch_and_add(&hits, 1);
    switch (map_number) {
    case 0: return bpf_redirect_map(&devices, key, XDP_DROP);
    case 1: return bpf_redirect_map(&hashed_devices, key, XDP_DROP);
    case 2: return bpf_redirect_map(&processors, key, XDP_DROP);
    default: return bpf_redirect_map(&sockets, key, XDP_DROP);
    }
}

SEC("xdp.frags")
int redirect_fragments(struct xdp_md *context)
{
    if (!is_ours(context))
        return XDP_PASS;
    __sync_fetch_and_add(&hits, 1);
    if (map_number == 0)
        return bpf_redirect_map(&devices_for_fragments, key, XDP_DROP);
    return bpf_redirect_map(&processors_for_fragments, key, XDP_DROP);
}

static __always_inline int count(struct xdp_md *context, int verdict)
{
    if (!is_ours(context))
        return XDP_PASS;
    __sync_fetch_and_add(&map_hits, 1);
    if (bpf_xdp_get_buff_len(context) > context->data_end - context->data)
        __sync_fetch_and_add(&large_hits, 1);
    return verdict;
}

SEC("xdp.frags/devmap")
int in_device_map(struct xdp_md *context) { return count(context, XDP_PASS); }

SEC("xdp.frags/cpumap")
int in_processor_map(struct xdp_md *context) { return count(context, XDP_DROP); }
