// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* What the objects of the checks of tracing hooks share. */
#include "check.bpf.h"
#ifndef __VMLINUX_H__
#include <linux/ptrace.h>
#endif
#include <bpf/bpf_tracing.h>

/* What the kernel puts before a system call's name, and the number of one that nobody else of the checks calls. */
#if defined(__TARGET_ARCH_x86)
#define SYSTEM_CALL "__x64_sys_"
#define NUMBER_OF_GETPPID 110
#else
#define SYSTEM_CALL "__arm64_sys_"
#define NUMBER_OF_GETPPID 173
#endif

/* How often the thread was seen, and the sum of what was read each time. */
__u64 hits, sum;

#define COUNT(value)                                             \
    ({                                                           \
        if (is_target()) {                                       \
            __sync_fetch_and_add(&hits, 1);                      \
            __sync_fetch_and_add(&sum, (__u64)(__s64)(value));   \
        }                                                        \
        0;                                                       \
    })
