// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* What XDP programs send frames to: slot 1 is filled by user space, slot 0 is not. */
#include "check.bpf.h"

#define TARGETS(kind, size, name)       \
    struct {                            \
        __uint(type, kind);             \
        __uint(max_entries, 2);         \
        __uint(key_size, 4);            \
        __uint(value_size, size);       \
    } name SEC(".maps")

TARGETS(BPF_MAP_TYPE_DEVMAP, 8, devices);
TARGETS(BPF_MAP_TYPE_DEVMAP_HASH, 8, hashed_devices);
TARGETS(BPF_MAP_TYPE_CPUMAP, 8, processors);
TARGETS(BPF_MAP_TYPE_XSKMAP, 4, sockets);

/* Which map and slot, for one run each. */
__u32 map_number, slot;

SEC("xdp")
int redirect(struct xdp_md *context)
{
    switch (map_number) {
    case 0: return bpf_redirect_map(&devices, slot, XDP_DROP);
    case 1: return bpf_redirect_map(&hashed_devices, slot, XDP_DROP);
    case 2: return bpf_redirect_map(&processors, slot, XDP_DROP);
    default: return bpf_redirect_map(&sockets, slot, XDP_DROP);
    }
}
