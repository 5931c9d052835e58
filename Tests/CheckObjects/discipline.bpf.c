// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* A queueing discipline that lets nothing out of an interface, and counts. */
#include "check.bpf.h"
#include <bpf/bpf_tracing.h>

struct sk_buff;
struct Qdisc;
struct nlattr;
struct netlink_ext_ack;
struct bpf_sk_buff_ptr;

struct Qdisc_ops {
    char id[16];
    int (*enqueue)(struct sk_buff *packet, struct Qdisc *discipline, struct bpf_sk_buff_ptr *to_free);
    struct sk_buff *(*dequeue)(struct Qdisc *discipline);
    int (*init)(struct Qdisc *discipline, struct nlattr *options, struct netlink_ext_ack *answer);
    void (*reset)(struct Qdisc *discipline);
    void (*destroy)(struct Qdisc *discipline);
};

extern void bpf_qdisc_skb_drop(struct sk_buff *packet, struct bpf_sk_buff_ptr *to_free) __ksym __weak;

__u64 made, gone, dropped;

SEC("struct_ops/enqueue")
int BPF_PROG(enqueue, struct sk_buff *packet, struct Qdisc *discipline, struct bpf_sk_buff_ptr *to_free)
{
    __sync_fetch_and_add(&dropped, 1);
    bpf_qdisc_skb_drop(packet, to_free);
    return 1; /* NET_XMIT_DROP */
}

SEC("struct_ops/dequeue")
struct sk_buff *BPF_PROG(dequeue, struct Qdisc *discipline)
{
    return 0;
}

SEC("struct_ops/init")
int BPF_PROG(init, struct Qdisc *discipline, struct nlattr *options, struct netlink_ext_ack *answer)
{
    made++;
    return 0;
}

SEC("struct_ops/reset")
void BPF_PROG(reset, struct Qdisc *discipline) {}

SEC("struct_ops/destroy")
void BPF_PROG(destroy, struct Qdisc *discipline)
{
    gone++;
}

SEC(".struct_ops")
struct Qdisc_ops discipline = {
    .id = "skep_drop",
    .enqueue = (void *)enqueue,
    .dequeue = (void *)dequeue,
    .init = (void *)init,
    .reset = (void *)reset,
    .destroy = (void *)destroy,
};
