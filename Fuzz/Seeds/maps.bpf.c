// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Maps, variables, callbacks and functions of their own: what an object can have besides relocations to types. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map;

enum color { red, green = 5, blue = -1 };
enum wide : unsigned long long { huge = 1ULL << 40 };

struct inner {
    unsigned low : 3, high : 5;
    union {
        __u64 number;
        char text[8];
    };
    enum color color;
    enum wide wide;
    float ratio;
    struct inner *next;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, struct inner);
} numbers SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} events SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 2);
    __type(key, __u32);
    __array(values, struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, 1);
        __type(key, __u32);
        __type(value, __u64);
    });
} outer SEC(".maps");

const volatile int limit = 3;
__u64 seen;
int initial[4] = {1, 2, 3, 4};
extern int LINUX_KERNEL_VERSION __kconfig;

static long each(struct bpf_map *map, const void *key, struct inner *value, void *context)
{
    value->number += *(__u32 *)key;
    return 0;
}

__attribute__((noinline)) int twice(int value)
{
    return value * 2 + initial[value & 3];
}

SEC("socket")
int count(struct __sk_buff *packet)
{
    struct inner *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

    __sync_fetch_and_add(&seen, 1);
    if (event) {
        event->number = packet->len;
        event->color = green;
        bpf_ringbuf_submit(event, 0);
    }
    bpf_for_each_map_elem(&numbers, each, 0, 0);
    return LINUX_KERNEL_VERSION > 0x050a00 ? twice(limit) : 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
