// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Programs that are run on test data, one of each kind that a kernel can run so. */
#include "check.bpf.h"

__u64 hits;
/* Where the live program sends frames. */
const volatile __u32 out_interface = 0;

SEC("xdp")
int run_xdp(struct xdp_md *context)
{
    if (bpf_xdp_adjust_head(context, -4)) return XDP_ABORTED;
    unsigned char *end = (void *)(long)context->data_end;
    unsigned char *frame = (void *)(long)context->data;
    if (frame + 18 > end) return XDP_ABORTED;
    frame[0] = 0xca; frame[1] = 0xfe; frame[2] = frame[3] = 0;
    hits += 1;
    return XDP_TX;
}

SEC("xdp")
int run_live(struct xdp_md *context) { return bpf_redirect(out_interface, 0); }

SEC("tc")
int run_tc(struct __sk_buff *context)
{
    context->mark += 5;
    return context->len == 64 ? 2 : 0;
}

SEC("action")
int run_action(struct __sk_buff *context) { return 4; }

SEC("socket")
int run_socket(struct __sk_buff *context) { return context->len; }

SEC("cgroup/skb")
int run_cgroup(struct __sk_buff *context) { return context->len == 50; }

SEC("lwt_xmit")
int run_tunnel(struct __sk_buff *context) { return context->len == 50 ? 2 : 0; }

SEC("flow_dissector")
int run_dissector(struct __sk_buff *context)
{
    struct bpf_flow_keys *keys = context->flow_keys;
    keys->n_proto = 0x0008;
    keys->thoff = 34;
    keys->ip_proto = 17;
    return 0;
}

SEC("raw_tp/sys_enter")
int run_raw(struct bpf_raw_tracepoint_args *context) { return context->args[0] + context->args[1]; }

SEC("sk_lookup")
int run_lookup(struct bpf_sk_lookup *context) { return context->local_port == 8080 ? 1 : 0; }

struct sum { __u64 first, second, sum; };

SEC("syscall")
int run_call(struct sum *context)
{
    context->sum = context->first + context->second;
    return 7;
}

SEC("netfilter")
int run_netfilter(void *context) { return 1; }

SEC("fentry/bpf_fentry_test1")
int run_entry(__u64 *context)
{
    hits += context[0];
    return 0;
}

SEC("kprobe/do_nothing")
int run_kprobe(void *context) { return 0; }
