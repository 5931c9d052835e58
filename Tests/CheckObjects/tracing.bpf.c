// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Every way to watch one thread: each program counts what it saw. */
#include "check.bpf.h"

#if defined(__TARGET_ARCH_x86)
#define NUMBER_OF_GETPPID 110
#else
#define NUMBER_OF_GETPPID 173
#endif

__u64 tracepoint_hits, raw_tracepoint_hits, typed_tracepoint_hits;
__u64 kprobe_hits, kretprobe_hits, fentry_hits, fexit_hits;
__u64 uprobe_hits, uretprobe_hits, argument_sum, samples;

#define COUNT(counter)                           \
    do {                                         \
        if (is_target())                         \
            __sync_fetch_and_add(&(counter), 1); \
    } while (0)

SEC("tracepoint/syscalls/sys_enter_getppid")
int tracepoint(void *context)
{
    COUNT(tracepoint_hits);
    return 0;
}

SEC("raw_tracepoint/sys_enter")
int raw_tracepoint(struct bpf_raw_tracepoint_args *context)
{
    if (context->args[1] == NUMBER_OF_GETPPID)
        COUNT(raw_tracepoint_hits);
    return 0;
}

SEC("tp_btf/sys_enter")
int typed_tracepoint(__u64 *context)
{
    if (context[1] == NUMBER_OF_GETPPID)
        COUNT(typed_tracepoint_hits);
    return 0;
}

SEC("ksyscall/getppid")
int kprobe(void *context)
{
    COUNT(kprobe_hits);
    return 0;
}

SEC("kretsyscall/getppid")
int kretprobe(void *context)
{
    COUNT(kretprobe_hits);
    return 0;
}

#if defined(__TARGET_ARCH_x86)
SEC("fentry/__x64_sys_getpgid")
#else
SEC("fentry/__arm64_sys_getpgid")
#endif
int fentry(void *context)
{
    COUNT(fentry_hits);
    return 0;
}

#if defined(__TARGET_ARCH_x86)
SEC("fexit/__x64_sys_getpgid")
#else
SEC("fexit/__arm64_sys_getpgid")
#endif
int fexit(void *context)
{
    COUNT(fexit_hits);
    return 0;
}

SEC("uprobe")
int at_call(void *context)
{
    COUNT(uprobe_hits);
    return 0;
}

SEC("uretprobe")
int at_return(void *context)
{
    COUNT(uretprobe_hits);
    return 0;
}

SEC("perf_event")
int sample(void *context)
{
    COUNT(samples);
    return 0;
}
