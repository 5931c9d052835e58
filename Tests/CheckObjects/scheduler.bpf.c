// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* A scheduler that gives every task its turn in the order in which they come. */
#include "check.bpf.h"
#include <bpf/bpf_tracing.h>

struct task_struct;
struct scx_exit_info;

struct sched_ext_ops {
    void (*enqueue)(struct task_struct *p, __u64 enq_flags);
    __s32 (*init)(void);
    void (*exit)(struct scx_exit_info *info);
    __u64 flags;
    __u32 timeout_ms;
    char name[128];
};

/* The name changed with Linux 6.13. */
extern void scx_bpf_dispatch(struct task_struct *p, __u64 queue, __u64 slice, __u64 flags) __ksym __weak;
extern void scx_bpf_dsq_insert(struct task_struct *p, __u64 queue, __u64 slice, __u64 flags) __ksym __weak;

#define GLOBAL_QUEUE 0x8000000000000001ULL /* SCX_DSQ_GLOBAL */
#define SLICE 20000000ULL                  /* SCX_SLICE_DFL */

__u64 started, ended, queued, own;

SEC("struct_ops/queue")
void BPF_PROG(queue, struct task_struct *p, __u64 flags)
{
    __sync_fetch_and_add(&queued, 1);
    if (bpf_ksym_exists(scx_bpf_dsq_insert))
        scx_bpf_dsq_insert(p, GLOBAL_QUEUE, SLICE, flags);
    else if (bpf_ksym_exists(scx_bpf_dispatch))
        scx_bpf_dispatch(p, GLOBAL_QUEUE, SLICE, flags);
}

SEC("struct_ops.s/start")
__s32 BPF_PROG(start)
{
    started++;
    return 0;
}

SEC("struct_ops/end")
void BPF_PROG(end, struct scx_exit_info *info)
{
    ended++;
}

SEC(".struct_ops.link")
struct sched_ext_ops scheduler = {
    .enqueue = (void *)queue,
    .init = (void *)start,
    .exit = (void *)end,
    .name = "skep_check",
};
