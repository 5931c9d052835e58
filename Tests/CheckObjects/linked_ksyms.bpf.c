// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Symbols of the kernel that kernel.bpf.c, to which this is linked, wants too, and functions that it does not. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

extern const volatile __u32 target;
extern int LINUX_KERNEL_VERSION __kconfig;
extern const void bpf_prog_put __ksym __weak;
extern const void bpf_map_put __ksym __weak;

__u64 second_calls, second_version, second_symbol, other_symbol, turns;

SEC("tracepoint/syscalls/sys_enter_getppid")
int look_again(void *context)
{
    int number;

    if ((__u32)bpf_get_current_pid_tgid() != target)
        return 0;
    second_calls++;
    second_version = LINUX_KERNEL_VERSION;
    second_symbol = (__u64)&bpf_prog_put;
    other_symbol = (__u64)&bpf_map_put;
    if (bpf_ksym_exists(bpf_iter_num_new))
        bpf_for(number, 0, 25)
            turns++;
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
