// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Static probes of the own executable. */
#include "tracinghooks.bpf.h"
#include <bpf/usdt.bpf.h>

__u64 registers, constants, memory, arguments, cookies;

#define ADD(variable, value) __sync_fetch_and_add(&(variable), (__u64)(__s64)(value))

SEC("usdt")
int BPF_USDT(values, int number, long constant, long pointed)
{
    if (!is_target())
        return 0;
    ADD(hits, 1);
    ADD(registers, number);
    ADD(constants, constant);
    ADD(memory, pointed);
    ADD(arguments, bpf_usdt_arg_cnt(ctx));
    ADD(cookies, bpf_usdt_cookie(ctx));
    return 0;
}

SEC("usdt")
int watched(struct pt_regs *ctx)
{
    long number = 0;

    if (bpf_usdt_arg(ctx, 0, &number) == 0)
        COUNT(number);
    return 0;
}

SEC("usdt.s")
int BPF_USDT(sleepable, int number) { return COUNT(number); }
