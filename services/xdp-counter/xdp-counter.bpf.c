// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Counts the packets that arrive at a network interface, by protocol; every packet passes on. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd

struct packet_key {
    __be16 ether_type;
    /* The protocol above IP; 0 where there is no IP. */
    __u8 protocol;
    __u8 pad;
};

struct packet_counts {
    __u64 packets;
    __u64 bytes;
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
    __uint(max_entries, 1024);
    __type(key, struct packet_key);
    __type(value, struct packet_counts);
} traffic SEC(".maps");

static __always_inline __u8 protocol_of(void *start, void *end, __be16 ether_type)
{
    if (ether_type == bpf_htons(ETH_P_IP)) {
        struct iphdr *header = start;

        return (void *)(header + 1) <= end ? header->protocol : 0;
    }
    if (ether_type == bpf_htons(ETH_P_IPV6)) {
        struct ipv6hdr *header = start;

        return (void *)(header + 1) <= end ? header->nexthdr : 0;
    }
    return 0;
}

SEC("xdp")
int count_packets(struct xdp_md *context)
{
    void *start = (void *)(long)context->data;
    void *end = (void *)(long)context->data_end;
    struct ethhdr *header = start;
    struct packet_key class = {};
    struct packet_counts *sum;

    if ((void *)(header + 1) > end)
        return XDP_PASS;
    class.ether_type = header->h_proto;
    class.protocol = protocol_of(header + 1, end, class.ether_type);
    sum = bpf_map_lookup_elem(&traffic, &class);
    if (sum) {
        /* The entry is this processor's own, and nothing interrupts XDP on it. */
        sum->packets += 1;
        sum->bytes += end - start;
    } else {
        struct packet_counts first = {.packets = 1, .bytes = end - start};

        bpf_map_update_elem(&traffic, &class, &first, BPF_NOEXIST);
    }
    return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
