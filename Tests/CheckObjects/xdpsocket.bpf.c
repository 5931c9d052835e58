// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Gives frames of the checks' ethertype to the socket of their queue. */
#include "check.bpf.h"

struct {
    __uint(type, BPF_MAP_TYPE_XSKMAP);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, 4);
} sockets SEC(".maps");

__u64 hits;

SEC("xdp")
int redirect(struct xdp_md *context)
{
    void *end = (void *)(long)context->data_end;
    unsigned char *frame = (void *)(long)context->data;

    if ((void *)(frame + 14) > end || frame[12] != 0x88 || frame[13] != 0xb5)
        return XDP_PASS;
    __sync_fetch_and_add(&hits, 1);
    return bpf_redirect_map(&sockets, context->rx_queue_index, XDP_PASS);
}
