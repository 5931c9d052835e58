// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Text that a program writes to its own streams. */
#include "check.bpf.h"

/* Linux 6.17 has the first name, 6.18 the second. */
extern int bpf_stream_vprintk(int stream, const char *format, const void *values, __u32 size, void *program) __ksym __weak;
extern int bpf_stream_vprintk_impl(int stream, const char *format, const void *values, __u32 size, void *program) __ksym __weak;

__u64 calls, failures, failure;

static const char output[] = "call %llu\n";
static const char errors[] = "odd\n";

static __always_inline void print(int stream, const char *format, __u64 *values, __u32 size)
{
    int answer = 0;

    if (bpf_ksym_exists(bpf_stream_vprintk_impl))
        answer = bpf_stream_vprintk_impl(stream, format, values, size, 0);
    else if (bpf_ksym_exists(bpf_stream_vprintk))
        answer = bpf_stream_vprintk(stream, format, values, size, 0);
    if (answer < 0)
        failures++, failure = answer;
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int tell(void *context)
{
    __u64 number;

    if (!is_target())
        return 0;
    number = ++calls;
    print(1, output, &number, sizeof(number));
    if (number & 1)
        print(2, errors, &number, 0);
    return 0;
}
