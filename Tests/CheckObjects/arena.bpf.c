// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* A list and a hash that a program builds in memory that it shares with user space. Linux 6.9. */
#include "check.bpf.h"
#include <bpf/bpf_arena_common.h>

struct {
    __uint(type, BPF_MAP_TYPE_ARENA);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 64);
} arena SEC(".maps");

struct node {
    struct node __arena *next;
    __u64 value;
};

#define BUCKETS 16

struct node __arena *__arena list;
struct node __arena *__arena buckets[BUCKETS];
__u64 __arena total = 7;

/* As many nodes as a page holds. */
__u64 made, found;
const volatile __u32 count = 100;

SEC("syscall")
int build(void *context)
{
    struct node __arena *page = bpf_arena_alloc_pages(&arena, NULL, 1, NUMA_NO_NODE, 0);
    struct node __arena *second = bpf_arena_alloc_pages(&arena, NULL, 1, NUMA_NO_NODE, 0);

    if (!page || !second)
        return 1;
    for (__u32 i = 0; i < count && can_loop; i++) {
        struct node __arena *node = &page[i & 127];
        struct node __arena *entry = &second[i & 127];

        node->value = i;
        node->next = list;
        list = node;
        entry->value = i * 3;
        entry->next = buckets[i % BUCKETS];
        buckets[i % BUCKETS] = entry;
        total += i;
        made++;
    }
    return 0;
}

SEC("syscall")
int search(void *context)
{
    for (__u32 bucket = 0; bucket < BUCKETS && can_loop; bucket++) {
        struct node __arena *node = buckets[bucket];

        for (; node && can_loop; node = node->next)
            found += node->value;
    }
    return 0;
}
