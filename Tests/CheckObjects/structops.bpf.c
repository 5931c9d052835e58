// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Congestion controls that keep a fixed window and count what the kernel asks of them. */
#include "check.bpf.h"
#include <bpf/bpf_tracing.h>

struct sock;

struct tcp_congestion_ops {
    __u32 (*ssthresh)(struct sock *sk);
    void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
    void (*init)(struct sock *sk);
    void (*release)(struct sock *sk);
    __u32 (*undo_cwnd)(struct sock *sk);
    /* No kernel has these: the first is left out as long as nothing is said of it, the second with its program. */
    __u32 member_of_no_kernel;
    void (*function_of_no_kernel)(struct sock *sk);
    char name[16];
    __u32 flags;
};

/* The same struct in other words, which the loader finds without what follows the three underscores. */
struct tcp_congestion_ops___short {
    char name[16];
    __u32 (*ssthresh)(struct sock *sk);
    void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
    __u32 (*undo_cwnd)(struct sock *sk);
    void (*init)(struct sock *sk);
};

__u64 started, ended, avoided, started_other;

SEC("struct_ops/threshold")
__u32 BPF_PROG(threshold, struct sock *sk)
{
    return 2;
}

SEC("struct_ops/avoid")
void BPF_PROG(avoid, struct sock *sk, __u32 ack, __u32 acked)
{
    __sync_fetch_and_add(&avoided, 1);
}

SEC("struct_ops/undo")
__u32 BPF_PROG(undo, struct sock *sk)
{
    return 10;
}

SEC("struct_ops/start")
void BPF_PROG(start, struct sock *sk)
{
    __sync_fetch_and_add(&started, 1);
}

SEC("struct_ops/end")
void BPF_PROG(end, struct sock *sk)
{
    __sync_fetch_and_add(&ended, 1);
}

SEC("struct_ops/never")
void BPF_PROG(never, struct sock *sk) {}

SEC("struct_ops")
void BPF_PROG(start_other, struct sock *sk)
{
    __sync_fetch_and_add(&started_other, 1);
}

SEC(".struct_ops")
struct tcp_congestion_ops fixed = {
    .ssthresh = (void *)threshold,
    .cong_avoid = (void *)avoid,
    .undo_cwnd = (void *)undo,
    .init = (void *)start,
    .release = (void *)end,
    .function_of_no_kernel = (void *)never,
    .name = "skep_fixed",
};

SEC("?.struct_ops.link")
struct tcp_congestion_ops linked = {
    .ssthresh = (void *)threshold,
    .cong_avoid = (void *)avoid,
    .undo_cwnd = (void *)undo,
    .init = (void *)start,
    .name = "skep_linked",
};

SEC("?.struct_ops.link")
struct tcp_congestion_ops___short replacement = {
    .ssthresh = (void *)threshold,
    .cong_avoid = (void *)avoid,
    .undo_cwnd = (void *)undo,
    .init = (void *)start_other,
    .name = "skep_linked",
};
