// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Probes on kernel functions and on functions of the own executable, and performance events: each counts and adds up. */
#include "tracinghooks.bpf.h"
#include <linux/bpf_perf_event.h>

/* The process whose doings in modules are counted, since a thread of its own makes interfaces. */
const volatile __u32 process = 0;
/* The memory whose faults are counted. */
const volatile __u64 first_address = 0, end_address = 0;

/* ---- Kernel functions ---- */

SEC("kprobe")
int kprobe_plain(struct pt_regs *ctx) { return COUNT(1); }

SEC("kprobe")
int kprobe_cookie(struct pt_regs *ctx) { return COUNT(bpf_get_attach_cookie(ctx)); }

SEC("kprobe/veth:veth_newlink")
int kprobe_module(struct pt_regs *ctx)
{
    if (bpf_get_current_pid_tgid() >> 32 == process)
        __sync_fetch_and_add(&hits, 1);
    return 0;
}

SEC("kprobe.multi/" SYSTEM_CALL "getp?i*")
int kprobe_multi(struct pt_regs *ctx) { return COUNT(1); }

SEC("kprobe.multi")
int kprobe_multi_cookies(struct pt_regs *ctx) { return COUNT(bpf_get_attach_cookie(ctx)); }

SEC("kretprobe.multi/" SYSTEM_CALL "getp?i*")
int kretprobe_multi(struct pt_regs *ctx) { return COUNT(1); }

SEC("kprobe.session/" SYSTEM_CALL "getp?i*")
int kprobe_session(struct pt_regs *ctx) { return COUNT(1); }

/* Anything but 0 at the start leaves the end out. */
SEC("kprobe.session/" SYSTEM_CALL "getp?i*")
int kprobe_session_start(struct pt_regs *ctx)
{
    COUNT(1);
    return 1;
}

/* ---- Functions of an executable ---- */

SEC("uprobe")
int BPF_UPROBE(uprobe_argument, int argument) { return COUNT(argument); }

SEC("uprobe")
int uprobe_plain(struct pt_regs *ctx) { return COUNT(1); }

SEC("uprobe.s")
int BPF_UPROBE(uprobe_sleepable, int argument) { return COUNT(argument); }

SEC("uretprobe")
int BPF_URETPROBE(uretprobe_result, int result) { return COUNT(result); }

SEC("uretprobe.s")
int BPF_URETPROBE(uretprobe_sleepable, int result) { return COUNT(result); }

SEC("uprobe.multi")
int BPF_UPROBE(uprobe_multi, int argument) { return COUNT(argument); }

SEC("uprobe.multi")
int uprobe_multi_cookies(struct pt_regs *ctx) { return COUNT(bpf_get_attach_cookie(ctx)); }

SEC("uprobe.multi.s")
int BPF_UPROBE(uprobe_multi_sleepable, int argument) { return COUNT(argument); }

SEC("uretprobe.multi")
int BPF_URETPROBE(uretprobe_multi, int result) { return COUNT(result); }

SEC("uretprobe.multi.s")
int BPF_URETPROBE(uretprobe_multi_sleepable, int result) { return COUNT(result); }

SEC("uprobe.session")
int uprobe_session(struct pt_regs *ctx) { return COUNT(1); }

SEC("uprobe.session.s")
int uprobe_session_sleepable(struct pt_regs *ctx) { return COUNT(1); }

/* ---- Events ---- */

SEC("perf_event")
int page_fault(struct bpf_perf_event_data *ctx)
{
    if (ctx->addr >= first_address && ctx->addr < end_address)
        COUNT(1);
    return 0;
}

SEC("perf_event")
int breakpoint(struct bpf_perf_event_data *ctx) { return COUNT(1); }

SEC("raw_tp/sys_enter")
int raw_tracepoint_cookie(struct bpf_raw_tracepoint_args *ctx)
{
    if (ctx->args[1] == NUMBER_OF_GETPPID)
        COUNT(bpf_get_attach_cookie(ctx));
    return 0;
}

SEC("raw_tracepoint.s/sys_enter")
int raw_tracepoint_sleepable(struct bpf_raw_tracepoint_args *ctx)
{
    if (ctx->args[1] == NUMBER_OF_GETPPID)
        COUNT(1);
    return 0;
}

SEC("tracepoint.s/syscalls/sys_enter_getppid")
int tracepoint_sleepable(void *ctx) { return COUNT(1); }
