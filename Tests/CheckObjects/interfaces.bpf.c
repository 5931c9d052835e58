// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Counts frames of the checks' ethertype at the places of an interface that take more than a counter. */
#include "check.bpf.h"

#define ETHERTYPE 0x88b5

__u64 hits, map_hits, large_hits, hash_hits;

struct {
    __uint(type, BPF_MAP_TYPE_DEVMAP);
    __type(key, __u32);
    __type(value, struct bpf_devmap_val);
    __uint(max_entries, 4);
} devices SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_CPUMAP);
    __type(key, __u32);
    __type(value, struct bpf_cpumap_val);
    __uint(max_entries, 4);
} processors SEC(".maps");

static __always_inline bool is_ours(struct xdp_md *context)
{
    void *end = (void *)(long)context->data_end;
    unsigned char *frame = (void *)(long)context->data;

    return (void *)(frame + 14) <= end && frame[12] == ETHERTYPE >> 8 && frame[13] == (ETHERTYPE & 0xff);
}

SEC("xdp")
int count(struct xdp_md *context)
{
    if (is_ours(context))
        __sync_fetch_and_add(&hits, 1);
    return XDP_PASS;
}

SEC("xdp")
int to_device(struct xdp_md *context)
{
    return is_ours(context) ? bpf_redirect_map(&devices, 0, 0) : XDP_PASS;
}

SEC("xdp")
int to_processor(struct xdp_md *context)
{
    return is_ours(context) ? bpf_redirect_map(&processors, 0, 0) : XDP_PASS;
}

SEC("xdp/devmap")
int in_device_map(struct xdp_md *context)
{
    if (is_ours(context) && context->egress_ifindex)
        __sync_fetch_and_add(&map_hits, 1);
    return XDP_PASS;
}

SEC("xdp/cpumap")
int in_processor_map(struct xdp_md *context)
{
    if (is_ours(context))
        __sync_fetch_and_add(&map_hits, 1);
    return XDP_DROP;
}

SEC("xdp.frags")
int fragments(struct xdp_md *context)
{
    if (is_ours(context) && bpf_xdp_get_buff_len(context) > context->data_end - context->data)
        __sync_fetch_and_add(&large_hits, 1);
    return XDP_PASS;
}

extern int bpf_xdp_metadata_rx_hash(const struct xdp_md *context, __u32 *hash, __u32 *type) __ksym __weak;

SEC("xdp")
int metadata(struct xdp_md *context)
{
    __u32 hash = 0, type = 0;

    if (is_ours(context) && bpf_xdp_metadata_rx_hash && !bpf_xdp_metadata_rx_hash(context, &hash, &type))
        __sync_fetch_and_add(&hash_hits, 1);
    return XDP_PASS;
}

#define COUNT(name, section)                                                                                           \
    SEC(section) int name(struct __sk_buff *packet)                                                                    \
    {                                                                                                                  \
        if (packet->protocol == bpf_htons(ETHERTYPE))                                                                  \
            __sync_fetch_and_add(&hits, 1);                                                                            \
        return -1; /* TC_ACT_UNSPEC, TCX_NEXT, NETKIT_NEXT: what comes next decides */                                 \
    }

COUNT(in_order, "tcx/ingress")
COUNT(on_egress, "tcx/egress")
COUNT(as_action, "action")
COUNT(netkit_primary, "netkit/primary")
COUNT(netkit_peer, "netkit/peer")
