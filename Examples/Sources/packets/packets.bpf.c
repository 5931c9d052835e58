// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
// Counts packets and bytes by their Ethernet protocol, and lets all of them pass.

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct counter {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__type(key, __u16);
	__type(value, struct counter);
	__uint(max_entries, 64);
} counters SEC(".maps");

SEC("xdp")
int count(struct xdp_md *context)
{
	void *data = (void *) (long) context->data, *end = (void *) (long) context->data_end;
	struct ethhdr *header = data;
	struct counter first = { .packets = 1, .bytes = end - data }, *counter;
	__u16 protocol;

	if (data + sizeof(*header) > end)
		return XDP_PASS;
	protocol = bpf_ntohs(header->h_proto);
	counter = bpf_map_lookup_elem(&counters, &protocol);
	if (counter) {
		/* Each CPU has a counter of its own. */
		counter->packets++;
		counter->bytes += end - data;
	} else {
		bpf_map_update_elem(&counters, &protocol, &first, BPF_ANY);
	}
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
