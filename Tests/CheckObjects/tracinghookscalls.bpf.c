// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Probes on system calls, whose arguments are found by the kernel's own names of the registers. */
#if defined(__TARGET_ARCH_x86)
#define __VMLINUX_H__
struct pt_regs {
    unsigned long r10, r9, r8, ax, cx, dx, si, di, bp, sp, ip;
} __attribute__((preserve_access_index));
#endif
#include "tracinghooks.bpf.h"

SEC("ksyscall/getpgid")
int BPF_KSYSCALL(ksyscall, int group) { return COUNT(group); }

SEC("kretsyscall/getpriority")
int BPF_KRETPROBE(kretsyscall, long result) { return COUNT(result); }
