// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Every kind of map and variable, filled by calls of getppid(2). */
#include "check.bpf.h"

struct record {
    __u64 number;
    __u32 thread;
    char name[12];
};

#define MAP(kind, entries, name)      \
    struct {                          \
        __uint(type, kind);           \
        __uint(max_entries, entries); \
        __type(key, __u32);           \
        __type(value, __u64);         \
    } name SEC(".maps")

MAP(BPF_MAP_TYPE_HASH, 1024, by_number);
MAP(BPF_MAP_TYPE_ARRAY, 4, by_remainder);
MAP(BPF_MAP_TYPE_PERCPU_ARRAY, 1, per_cpu);
MAP(BPF_MAP_TYPE_PERCPU_HASH, 16, per_cpu_hash);
MAP(BPF_MAP_TYPE_LRU_HASH, 1024, recent);

struct inner {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} inner_even SEC(".maps"), inner_odd SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 2);
    __type(key, __u32);
    __array(values, struct inner);
} outer SEC(".maps") = {.values = {&inner_even, &inner_odd}};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
    __type(value, struct record);
} ring SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, 4);
    __uint(value_size, 4);
} perf SEC(".maps");

__u64 calls;
__u64 seeded = 1000;
const volatile __u64 step = 1;

static __noinline void add(void *map, __u32 key, __u64 amount)
{
    __u64 *value = bpf_map_lookup_elem(map, &key);

    if (value)
        __sync_fetch_and_add(value, amount);
    else
        bpf_map_update_elem(map, &key, &amount, BPF_ANY);
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int fill(void *context)
{
    struct record *reserved, record = {};
    __u32 number, slot;
    void *inner;

    if (!is_target())
        return 0;
    number = calls;
    calls += step;
    seeded += step;
    add(&by_number, number, number);
    add(&by_remainder, number % 4, 1);
    add(&per_cpu, 0, 1);
    add(&per_cpu_hash, 7, 1);
    add(&recent, number, 1);
    slot = number & 1;
    inner = bpf_map_lookup_elem(&outer, &slot);
    if (inner)
        add(inner, 0, 1);
    record.number = number;
    record.thread = target;
    __builtin_memcpy(record.name, "check", 6);
    bpf_perf_event_output(context, &perf, BPF_F_CURRENT_CPU, &record, sizeof(record));
    reserved = bpf_ringbuf_reserve(&ring, sizeof(record), 0);
    if (reserved) {
        *reserved = record;
        bpf_ringbuf_submit(reserved, 0);
    }
    return 0;
}
