// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Sorts numbers that user space sends into a list of memory that both share: a queue, an arena, loops. Linux 6.9. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_arena_common.h>

#define NODES 64

struct {
    __uint(type, BPF_MAP_TYPE_QUEUE);
    __uint(max_entries, NODES);
    __type(value, __u64);
} numbers SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARENA);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 4);
} arena SEC(".maps");

struct node {
    struct node __arena *next;
    __u64 number;
};

/* Variables in the arena: the nodes, and where the sorted list starts. */
struct node __arena nodes[NODES];
struct node __arena *__arena smallest;

const volatile __u32 target_pid = 0;
__u64 used;

SEC("tracepoint/syscalls/sys_enter_getppid")
int sort(void *context)
{
    int i;

    if (bpf_get_current_pid_tgid() >> 32 != target_pid)
        return 0;
    bpf_for(i, 0, NODES) {
        struct node __arena *node, *after = NULL, *before = smallest;
        __u64 number;

        if (used >= NODES || bpf_map_pop_elem(&numbers, &number))
            break;
        while (before && before->number < number && can_loop) {
            after = before;
            before = before->next;
        }
        node = &nodes[used++ & (NODES - 1)];
        node->number = number;
        node->next = before;
        if (after)
            after->next = node;
        else
            smallest = node;
    }
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
