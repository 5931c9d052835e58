// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Iterators that write text. */
#include "check.bpf.h"
#include <bpf/bpf_core_read.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct seq_file;
struct bpf_iter_meta {
    struct seq_file *seq;
    __u64 session_id;
    __u64 seq_num;
};
struct task_struct {
    int pid;
    int tgid;
};
struct bpf_map;
struct kernfs_node {
    __u64 id;
};
struct cgroup {
    struct kernfs_node *kn;
};
struct bpf_iter__task {
    struct bpf_iter_meta *meta;
    struct task_struct *task;
};
struct bpf_iter__bpf_map_elem {
    struct bpf_iter_meta *meta;
    struct bpf_map *map;
    void *key;
    void *value;
};
struct bpf_iter__cgroup {
    struct bpf_iter_meta *meta;
    struct cgroup *cgroup;
};
#pragma clang attribute pop

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 100);
    __type(key, __u32);
    __type(value, __u64);
} squares SEC(".maps");

static __always_inline int show_task(struct bpf_iter__task *context)
{
    struct task_struct *task = context->task;

    if (task)
        BPF_SEQ_PRINTF(context->meta->seq, "%d %d\n", task->tgid, task->pid);
    return 0;
}

SEC("iter/task")
int tasks(struct bpf_iter__task *context) { return show_task(context); }

SEC("iter.s/task")
int tasks_sleepable(struct bpf_iter__task *context) { return show_task(context); }

SEC("iter/bpf_map_elem")
int elements(struct bpf_iter__bpf_map_elem *context)
{
    __u32 *key = context->key;
    __u64 *value = context->value;

    if (key && value)
        BPF_SEQ_PRINTF(context->meta->seq, "%u %llu\n", *key, *value);
    return 0;
}

SEC("iter/cgroup")
int cgroups(struct bpf_iter__cgroup *context)
{
    struct cgroup *cgroup = context->cgroup;

    if (cgroup)
        BPF_SEQ_PRINTF(context->meta->seq, "%llu\n", cgroup->kn->id);
    return 0;
}
