// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* A table of functions that is linked to those of structops.bpf.c. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct sock;

struct tcp_congestion_ops {
    __u32 (*ssthresh)(struct sock *sk);
    void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
    void (*init)(struct sock *sk);
    __u32 (*undo_cwnd)(struct sock *sk);
    char name[16];
    __u32 flags;
};

extern __u64 started;
__u64 started_third;

SEC("struct_ops/third_threshold")
__u32 BPF_PROG(third_threshold, struct sock *sk)
{
    return 2;
}

SEC("struct_ops/third_avoid")
void BPF_PROG(third_avoid, struct sock *sk, __u32 ack, __u32 acked) {}

SEC("struct_ops/third_undo")
__u32 BPF_PROG(third_undo, struct sock *sk)
{
    return 10;
}

SEC("struct_ops/third_start")
void BPF_PROG(third_start, struct sock *sk)
{
    __sync_fetch_and_add(&started, 100);
    __sync_fetch_and_add(&started_third, 1);
}

SEC(".struct_ops")
struct tcp_congestion_ops third = {
    .ssthresh = (void *)third_threshold,
    .cong_avoid = (void *)third_avoid,
    .undo_cwnd = (void *)third_undo,
    .init = (void *)third_start,
    .name = "skep_third",
    .flags = 1, /* TCP_CONG_NON_RESTRICTED */
};

char LICENSE[] SEC("license") = "Dual BSD/GPL";
