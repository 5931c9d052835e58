/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The context of a perf_event program. */
#ifndef SKEP_LINUX_BPF_PERF_EVENT_H
#define SKEP_LINUX_BPF_PERF_EVENT_H

#include <asm/bpf_perf_event.h>

#ifndef SKEP_VMLINUX_H
struct bpf_perf_event_data {
    bpf_user_pt_regs_t regs;
    __u64 sample_period;
    __u64 addr;
};
#endif

#endif
