// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Counts frames of the ethertype that checks send, and datagrams of a cgroup, at every place of the network stack. */
#include "check.bpf.h"

#define ETHERTYPE 0x88b5

__u64 xdp_hits, ingress_hits, egress_hits, socket_hits, cgroup_egress_hits;

SEC("xdp")
int on_frame(struct xdp_md *context)
{
    void *end = (void *)(long)context->data_end;
    unsigned char *frame = (void *)(long)context->data;

    if ((void *)(frame + 14) <= end && frame[12] == ETHERTYPE >> 8 && frame[13] == (ETHERTYPE & 0xff))
        __sync_fetch_and_add(&xdp_hits, 1);
    return XDP_PASS;
}

SEC("tc/ingress")
int ingress(struct __sk_buff *packet)
{
    if (packet->protocol == bpf_htons(ETHERTYPE))
        __sync_fetch_and_add(&ingress_hits, 1);
    return -1; /* TC_ACT_UNSPEC, TCX_NEXT: what comes next decides */
}

SEC("tc/egress")
int egress(struct __sk_buff *packet)
{
    if (packet->protocol == bpf_htons(ETHERTYPE))
        __sync_fetch_and_add(&egress_hits, 1);
    return -1;
}

SEC("socket")
int filter(struct __sk_buff *packet)
{
    if (packet->protocol == bpf_htons(ETHERTYPE))
        __sync_fetch_and_add(&socket_hits, 1);
    return 0;
}

SEC("cgroup_skb/egress")
int cgroup_egress(struct __sk_buff *packet)
{
    __u8 protocol = 0;

    bpf_skb_load_bytes(packet, 9, &protocol, 1);
    if (protocol == 17)
        __sync_fetch_and_add(&cgroup_egress_hits, 1);
    return 1;
}
