// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* An XDP program, and a program that takes the place of one of its functions. */
#include "check.bpf.h"

__u64 hits;

/* Global, so that the verifier does not look at what it returns where it is called. */
__attribute__((noinline)) int verdict(struct xdp_md *context)
{
    volatile int answer = XDP_PASS;

    return context ? answer : XDP_ABORTED;
}

SEC("xdp")
int replaced(struct xdp_md *context) { return verdict(context); }

SEC("freplace/verdict")
int replacement(struct xdp_md *context)
{
    __sync_fetch_and_add(&hits, 1);
    return XDP_DROP;
}
