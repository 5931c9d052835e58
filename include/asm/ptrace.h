/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The registers of the machine that is named by __TARGET_ARCH_x86 and so on, as user space sees them. */
#ifndef SKEP_ASM_PTRACE_H
#define SKEP_ASM_PTRACE_H

#include <linux/types.h>

#ifndef SKEP_VMLINUX_H

#if defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
    __u64 regs[31];
    __u64 sp;
    __u64 pc;
    __u64 pstate;
};
#elif defined(__TARGET_ARCH_riscv)
struct user_regs_struct {
    unsigned long pc, ra, sp, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7;
    unsigned long s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6;
};
#elif defined(__TARGET_ARCH_s390)
typedef struct {
    unsigned long mask;
    unsigned long addr;
} __attribute__((aligned(8))) psw_t;
typedef struct {
    unsigned long args[1];
    psw_t psw;
    unsigned long gprs[16];
} user_pt_regs;
#elif defined(__TARGET_ARCH_loongarch)
struct user_pt_regs {
    unsigned long regs[32];
    unsigned long orig_a0;
    unsigned long csr_era;
    unsigned long csr_badv;
    unsigned long reserved[10];
} __attribute__((aligned(8)));
#else
struct pt_regs {
    unsigned long r15, r14, r13, r12, rbp, rbx;
    unsigned long r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
    unsigned long orig_rax;
    unsigned long rip, cs, eflags, rsp, ss;
};
#endif

#endif

#endif
