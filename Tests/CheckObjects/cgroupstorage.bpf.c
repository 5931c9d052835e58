// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* The storage that belongs to a program's attachment to a cgroup: one for all CPUs, one for each. */
#include "check.bpf.h"

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
    __type(key, struct bpf_cgroup_storage_key);
    __type(value, __u64);
} shared SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE);
    __type(key, struct bpf_cgroup_storage_key);
    __type(value, __u64);
} per_cpu SEC(".maps");

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *packet)
{
    __u64 *value = bpf_get_local_storage(&shared, 0);

    __sync_fetch_and_add(value, 1);
    value = bpf_get_local_storage(&per_cpu, 0);
    *value += 1;
    return 1;
}
