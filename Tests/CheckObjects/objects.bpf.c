// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* What compilers write beside plain functions: contexts by tag, and exceptions with a callback that nothing calls. */
#include "check.bpf.h"

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, 4);
    __uint(value_size, 4);
} events SEC(".maps");

/* One function for programs of two kinds: its context is told by a tag alone. */
__attribute__((weak)) int send(void *context __attribute__((btf_decl_tag("arg:ctx"))), int number)
{
    bpf_perf_event_output(context, &events, BPF_F_CURRENT_CPU, &number, sizeof(number));
    return number;
}

SEC("tc")
int context_tc(void *context) { return send(context, 2) == 2 ? 7 : 0; }

SEC("xdp")
int context_xdp(void *context) { return send(context, 3) == 3 ? 2 : 0; }

extern void bpf_throw(__u64 cookie) __ksym __attribute__((weak));

__attribute__((noinline)) int recover(__u64 cookie) { return (int)cookie + 1; }

SEC("?tc")
__attribute__((btf_decl_tag("exception_callback:recover")))
int throwing(struct __sk_buff *context)
{
    if (context->len == 64 && bpf_throw)
        bpf_throw(41);
    return 5;
}
