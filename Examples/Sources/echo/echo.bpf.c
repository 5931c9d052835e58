// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Gives datagrams for UDP port 7 to the socket of their queue; everything else goes to the kernel's own stack. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_XSKMAP);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, 1);
} sockets SEC(".maps");

SEC("xdp")
int to_socket(struct xdp_md *context)
{
    void *end = (void *)(long)context->data_end;
    struct ethhdr *ethernet = (void *)(long)context->data;
    struct iphdr *internet = (void *)(ethernet + 1);
    struct udphdr *datagram = (void *)(internet + 1);

    if ((void *)(datagram + 1) > end || ethernet->h_proto != bpf_htons(ETH_P_IP) || internet->ihl != 5)
        return XDP_PASS;
    if (internet->protocol != 17 || datagram->dest != bpf_htons(7))
        return XDP_PASS;
    return bpf_redirect_map(&sockets, context->rx_queue_index, XDP_PASS);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
