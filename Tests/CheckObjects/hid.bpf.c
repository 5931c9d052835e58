// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Sees what a human interface device reports. */
#include "check.bpf.h"
#include <bpf/bpf_tracing.h>

struct hid_bpf_ctx;

struct hid_bpf_ops {
    int hid_id;
    __u32 flags;
    int (*hid_device_event)(struct hid_bpf_ctx *context, int type, __u64 source);
};

__u64 events;

SEC("struct_ops/hid_device_event")
int BPF_PROG(event, struct hid_bpf_ctx *context, int type, __u64 source)
{
    __sync_fetch_and_add(&events, 1);
    return 0;
}

SEC(".struct_ops.link")
struct hid_bpf_ops device = {
    .hid_device_event = (void *)event,
};
