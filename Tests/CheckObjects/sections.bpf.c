// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Programs in sections that are other names of a hook, and at hooks that no other object has. */
#include "tracinghooks.bpf.h"

#define ETHERTYPE 0x88b5

/* What test runs are made to fail with. */
#define OWN_ERROR (-54) /* EXFULL */

SEC("tp/syscalls/sys_enter_getppid")
int tp_call(void *context) { return COUNT(1); }

SEC("tp.s/syscalls/sys_enter_getppid")
int tp_sleepable(void *context) { return COUNT(1); }

static __always_inline int count_call(struct bpf_raw_tracepoint_args *context)
{
    if (context->args[1] == NUMBER_OF_GETPPID)
        COUNT(1);
    return 0;
}

SEC("raw_tracepoint/sys_enter")
int raw_tracepoint_call(struct bpf_raw_tracepoint_args *context) { return count_call(context); }

SEC("raw_tp/sys_enter")
int raw_tp_call(struct bpf_raw_tracepoint_args *context) { return count_call(context); }

SEC("raw_tp.s/sys_enter")
int raw_tp_sleepable(struct bpf_raw_tracepoint_args *context) { return count_call(context); }

/* The tracepoint at the end of a test run lets programs write the answer, an int that is all of its argument. */
static __always_inline int change_answer(struct bpf_raw_tracepoint_args *context)
{
    int *answer = (int *)context->args[0];

    if (!is_target())
        return 0;
    COUNT(*answer);
    *answer = OWN_ERROR;
    return 0;
}

SEC("raw_tracepoint.w/bpf_test_finish")
int raw_tracepoint_writable(struct bpf_raw_tracepoint_args *context) { return change_answer(context); }

SEC("raw_tp.w/bpf_test_finish")
int raw_tp_writable(struct bpf_raw_tracepoint_args *context) { return change_answer(context); }

static __always_inline int count_frame(struct __sk_buff *packet)
{
    if (packet->protocol == bpf_htons(ETHERTYPE))
        __sync_fetch_and_add(&hits, 1);
    return -1; /* TC_ACT_UNSPEC: what comes next decides */
}

SEC("tc")
int tc_frame(struct __sk_buff *packet) { return count_frame(packet); }

SEC("classifier")
int classifier_frame(struct __sk_buff *packet) { return count_frame(packet); }

/* Datagrams over IPv4, in the direction that attaching says. */
SEC("cgroup/skb")
int cgroup_packet(struct __sk_buff *packet)
{
    __u8 protocol = 0;

    if (packet->protocol == bpf_htons(0x0800) && !bpf_skb_load_bytes(packet, 9, &protocol, 1) && protocol == 17)
        __sync_fetch_and_add(&hits, 1);
    return 1;
}

struct sum {
    __u64 first, second, sum;
};

SEC("syscall")
int call(struct sum *context)
{
    hits++;
    context->sum = context->first + context->second;
    return 7;
}
