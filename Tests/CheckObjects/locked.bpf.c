// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Values with a lock, which a program changes as a whole. */
#include "check.bpf.h"

struct pair {
    struct bpf_spin_lock lock;
    __u32 unused;
    __u64 first;
    __u64 second;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, struct pair);
} pairs SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 100);
    __type(key, __u32);
    __type(value, __u32);
} shared SEC(".maps");

SEC("xdp")
int change(struct xdp_md *context)
{
    __u32 key = 0;
    struct pair *pair = bpf_map_lookup_elem(&pairs, &key);
    __u32 *number;

    key = 42;
    number = bpf_map_lookup_elem(&shared, &key);
    if (number)
        *number += 5;
    if (pair) {
        bpf_spin_lock(&pair->lock);
        pair->first++;
        pair->second++;
        bpf_spin_unlock(&pair->lock);
    }
    return XDP_PASS;
}
