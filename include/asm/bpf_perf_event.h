/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The registers in the context of a perf_event program. */
#ifndef SKEP_ASM_BPF_PERF_EVENT_H
#define SKEP_ASM_BPF_PERF_EVENT_H

#include <asm/ptrace.h>

#ifndef SKEP_VMLINUX_H
#if defined(__TARGET_ARCH_arm64) || defined(__TARGET_ARCH_loongarch)
typedef struct user_pt_regs bpf_user_pt_regs_t;
#elif defined(__TARGET_ARCH_riscv)
typedef struct user_regs_struct bpf_user_pt_regs_t;
#elif defined(__TARGET_ARCH_s390)
typedef user_pt_regs bpf_user_pt_regs_t;
#else
typedef struct pt_regs bpf_user_pt_regs_t;
#endif
#endif

#endif
