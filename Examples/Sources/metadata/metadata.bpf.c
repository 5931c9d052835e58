// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Asks the device what it knows of each packet: its hash, and when it came. Linux 6.3, and a driver that answers. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_xdp_metadata_rx_hash(const struct xdp_md *context, __u32 *hash, __u32 *type) __ksym __weak;
extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *context, __u64 *timestamp) __ksym __weak;

__u64 packets, hashes, timestamps;

SEC("xdp")
int ask(struct xdp_md *context)
{
    __u32 hash, type;
    __u64 timestamp;

    __sync_fetch_and_add(&packets, 1);
    if (!bpf_xdp_metadata_rx_hash(context, &hash, &type))
        __sync_fetch_and_add(&hashes, 1);
    if (!bpf_xdp_metadata_rx_timestamp(context, &timestamp))
        __sync_fetch_and_add(&timestamps, 1);
    return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
