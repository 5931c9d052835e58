/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arguments of traced functions: by register for probes, by position for BTF-typed programs. */
#ifndef SKEP_BPF_TRACING_H
#define SKEP_BPF_TRACING_H
#define __BPF_TRACING_H__

#include "bpf_helpers.h"
#include "bpf_core_read.h"

/* ---- The machine whose registers are meant: -D__TARGET_ARCH_x86 and so on, else the compiler's target ---- */

#if defined(__TARGET_ARCH_x86) || defined(__TARGET_ARCH_arm64) || defined(__TARGET_ARCH_riscv) || \
    defined(__TARGET_ARCH_s390) || defined(__TARGET_ARCH_arm) || defined(__TARGET_ARCH_powerpc) || \
    defined(__TARGET_ARCH_loongarch) || defined(__TARGET_ARCH_mips)
#define bpf_target_defined
#elif defined(__x86_64__) || defined(__i386__)
#define __TARGET_ARCH_x86
#define bpf_target_defined
#elif defined(__aarch64__)
#define __TARGET_ARCH_arm64
#define bpf_target_defined
#elif defined(__riscv)
#define __TARGET_ARCH_riscv
#define bpf_target_defined
#elif defined(__s390x__)
#define __TARGET_ARCH_s390
#define bpf_target_defined
#endif

/*
 * For each machine: the fields of its register structure that hold the arguments of a function, those of a system call
 * where they differ, the return address (RET), the frame pointer (FP), the result (RC), the stack pointer (SP) and the
 * instruction pointer (IP). Sources: the machines' calling conventions and syscall(2).
 */
#if defined(__TARGET_ARCH_x86)
#define bpf_target_x86

#define __PT_PARM5_REG r8
#define __PT_PARM6_REG r9
#define __PT_PARM4_SYSCALL_REG r10
#if defined(__KERNEL__) || defined(__VMLINUX_H__)
/* The kernel's own names of the fields. */
#define __PT_PARM1_REG di
#define __PT_PARM2_REG si
#define __PT_PARM3_REG dx
#define __PT_PARM4_REG cx
#define __PT_RET_REG sp
#define __PT_FP_REG bp
#define __PT_RC_REG ax
#define __PT_SP_REG sp
#define __PT_IP_REG ip
#else
/* Those of <asm/ptrace.h>. */
#define __PT_PARM1_REG rdi
#define __PT_PARM2_REG rsi
#define __PT_PARM3_REG rdx
#define __PT_PARM4_REG rcx
#define __PT_RET_REG rsp
#define __PT_FP_REG rbp
#define __PT_RC_REG rax
#define __PT_SP_REG rsp
#define __PT_IP_REG rip
#endif

#elif defined(__TARGET_ARCH_arm64)
#define bpf_target_arm64

/* The first argument of a system call is overwritten by its result; the kernel keeps a copy. */
struct pt_regs___arm64 {
    unsigned long orig_x0;
} __attribute__((preserve_access_index));
#define __PT_REGS_CAST(x) ((const struct user_pt_regs *)(x))
#define __PT_SYSCALL_CAST(x) ((const struct pt_regs___arm64 *)(x))
#define __PT_PARM1_SYSCALL_REG orig_x0
#define __PT_PARM1_REG regs[0]
#define __PT_PARM2_REG regs[1]
#define __PT_PARM3_REG regs[2]
#define __PT_PARM4_REG regs[3]
#define __PT_PARM5_REG regs[4]
#define __PT_PARM6_REG regs[5]
#define __PT_PARM7_REG regs[6]
#define __PT_PARM8_REG regs[7]
#define __PT_RET_REG regs[30]
#define __PT_FP_REG regs[29]
#define __PT_RC_REG regs[0]
#define __PT_SP_REG sp
#define __PT_IP_REG pc
#define __PT_RETURN_ADDRESS_IN_REGISTER

#elif defined(__TARGET_ARCH_riscv)
#define bpf_target_riscv

struct pt_regs___riscv {
    unsigned long orig_a0;
} __attribute__((preserve_access_index));
#define __PT_REGS_CAST(x) ((const struct user_regs_struct *)(x))
#define __PT_SYSCALL_CAST(x) ((const struct pt_regs___riscv *)(x))
#define __PT_PARM1_SYSCALL_REG orig_a0
#define __PT_PARM1_REG a0
#define __PT_PARM2_REG a1
#define __PT_PARM3_REG a2
#define __PT_PARM4_REG a3
#define __PT_PARM5_REG a4
#define __PT_PARM6_REG a5
#define __PT_PARM7_REG a6
#define __PT_PARM8_REG a7
#define __PT_RET_REG ra
#define __PT_FP_REG s0
#define __PT_RC_REG a0
#define __PT_SP_REG sp
#define __PT_IP_REG pc

#elif defined(__TARGET_ARCH_s390)
#define bpf_target_s390

struct pt_regs___s390 {
    unsigned long orig_gpr2;
} __attribute__((preserve_access_index));
#define __PT_REGS_CAST(x) ((const user_pt_regs *)(x))
#define __PT_SYSCALL_CAST(x) ((const struct pt_regs___s390 *)(x))
#define __PT_PARM1_SYSCALL_REG orig_gpr2
#define __PT_PARM6_SYSCALL_REG gprs[7]
#define __PT_PARM1_REG gprs[2]
#define __PT_PARM2_REG gprs[3]
#define __PT_PARM3_REG gprs[4]
#define __PT_PARM4_REG gprs[5]
#define __PT_PARM5_REG gprs[6]
#define __PT_RET_REG gprs[14]
#define __PT_FP_REG gprs[11]
#define __PT_RC_REG gprs[2]
#define __PT_SP_REG gprs[15]
#define __PT_IP_REG psw.addr

#elif defined(__TARGET_ARCH_arm)
#define bpf_target_arm

#define __PT_PARM1_REG uregs[0]
#define __PT_PARM2_REG uregs[1]
#define __PT_PARM3_REG uregs[2]
#define __PT_PARM4_REG uregs[3]
#define __PT_PARM5_SYSCALL_REG uregs[4]
#define __PT_PARM6_SYSCALL_REG uregs[5]
#define __PT_PARM7_SYSCALL_REG uregs[6]
#define __PT_RET_REG uregs[14]
#define __PT_FP_REG uregs[11]
#define __PT_RC_REG uregs[0]
#define __PT_SP_REG uregs[13]
#define __PT_IP_REG uregs[15]

#elif defined(__TARGET_ARCH_powerpc)
#define bpf_target_powerpc

#define PT_REGS_SYSCALL_REGS(ctx) ctx
#define __PT_PARM1_SYSCALL_REG orig_gpr3
#define __PT_PARM1_REG gpr[3]
#define __PT_PARM2_REG gpr[4]
#define __PT_PARM3_REG gpr[5]
#define __PT_PARM4_REG gpr[6]
#define __PT_PARM5_REG gpr[7]
#define __PT_PARM6_REG gpr[8]
#define __PT_PARM7_REG gpr[9]
#define __PT_PARM8_REG gpr[10]
#define __PT_RET_REG link
#define __PT_RC_REG gpr[3]
#define __PT_SP_REG gpr[1]
#define __PT_IP_REG nip
#define __PT_RETURN_ADDRESS_IN_REGISTER

#elif defined(__TARGET_ARCH_loongarch)
#define bpf_target_loongarch

#define PT_REGS_SYSCALL_REGS(ctx) ctx
#define __PT_REGS_CAST(x) ((const struct user_pt_regs *)(x))
#define __PT_PARM1_REG regs[4]
#define __PT_PARM2_REG regs[5]
#define __PT_PARM3_REG regs[6]
#define __PT_PARM4_REG regs[7]
#define __PT_PARM5_REG regs[8]
#define __PT_PARM6_REG regs[9]
#define __PT_PARM7_REG regs[10]
#define __PT_PARM8_REG regs[11]
#define __PT_RET_REG regs[1]
#define __PT_FP_REG regs[22]
#define __PT_RC_REG regs[4]
#define __PT_SP_REG regs[3]
#define __PT_IP_REG csr_era

#elif defined(__TARGET_ARCH_mips)
#define bpf_target_mips

#define __PT_PARM1_REG regs[4]
#define __PT_PARM2_REG regs[5]
#define __PT_PARM3_REG regs[6]
#define __PT_PARM4_REG regs[7]
#define __PT_PARM5_REG regs[8]
#define __PT_PARM6_REG regs[9]
#define __PT_PARM7_REG regs[10]
#define __PT_PARM8_REG regs[11]
#define __PT_RET_REG regs[31]
#define __PT_FP_REG regs[30]
#define __PT_RC_REG regs[2]
#define __PT_SP_REG regs[29]
#define __PT_IP_REG cp0_epc

#endif

struct pt_regs;

#ifdef bpf_target_defined

#ifndef __PT_REGS_CAST
#define __PT_REGS_CAST(x) (x)
#endif
/* How the first argument of a system call is reached. */
#ifndef __PT_SYSCALL_CAST
#define __PT_SYSCALL_CAST(x) __PT_REGS_CAST(x)
#endif
#ifndef __PT_PARM1_SYSCALL_REG
#define __PT_PARM1_SYSCALL_REG __PT_PARM1_REG
#endif
#ifndef __PT_PARM4_SYSCALL_REG
#define __PT_PARM4_SYSCALL_REG __PT_PARM4_REG
#endif
#ifndef __PT_PARM5_SYSCALL_REG
#define __PT_PARM5_SYSCALL_REG __PT_PARM5_REG
#endif
#ifndef __PT_PARM6_SYSCALL_REG
#define __PT_PARM6_SYSCALL_REG __PT_PARM6_REG
#endif

/* A register that the machine does not have is an unknown field to the compiler. */
#ifndef __PT_PARM5_REG
#define __PT_PARM5_REG __unsupported__
#endif
#ifndef __PT_PARM6_REG
#define __PT_PARM6_REG __unsupported__
#endif
#ifndef __PT_PARM7_REG
#define __PT_PARM7_REG __unsupported__
#endif
#ifndef __PT_PARM8_REG
#define __PT_PARM8_REG __unsupported__
#endif
#ifndef __PT_PARM7_SYSCALL_REG
#define __PT_PARM7_SYSCALL_REG __unsupported__
#endif
#ifndef __PT_FP_REG
#define __PT_FP_REG __unsupported__
#endif

#define __PT_GET(x, register) (__PT_REGS_CAST(x)->register)
/* Through a helper and relocated: for registers that are not the program's own context. */
#define __PT_GET_CORE(x, register) BPF_CORE_READ(__PT_REGS_CAST(x), register)

#else

/* Without a machine there are no registers: the error comes where one is asked for. */
#define __PT_GET(x, register) ({ \
    _Static_assert(0, "registers need the machine: compile with -D__TARGET_ARCH_x86 or another"); 0L; })
#define __PT_GET_CORE(x, register) __PT_GET(x, register)
#define __PT_SYSCALL_CAST(x) (x)

#endif

/* Arguments 1 to 8 of a function. */
#define PT_REGS_PARM1(x) __PT_GET(x, __PT_PARM1_REG)
#define PT_REGS_PARM2(x) __PT_GET(x, __PT_PARM2_REG)
#define PT_REGS_PARM3(x) __PT_GET(x, __PT_PARM3_REG)
#define PT_REGS_PARM4(x) __PT_GET(x, __PT_PARM4_REG)
#define PT_REGS_PARM5(x) __PT_GET(x, __PT_PARM5_REG)
#define PT_REGS_PARM6(x) __PT_GET(x, __PT_PARM6_REG)
#define PT_REGS_PARM7(x) __PT_GET(x, __PT_PARM7_REG)
#define PT_REGS_PARM8(x) __PT_GET(x, __PT_PARM8_REG)
#define PT_REGS_RET(x) __PT_GET(x, __PT_RET_REG)
#define PT_REGS_FP(x) __PT_GET(x, __PT_FP_REG)
#define PT_REGS_RC(x) __PT_GET(x, __PT_RC_REG)
#define PT_REGS_SP(x) __PT_GET(x, __PT_SP_REG)
#define PT_REGS_IP(x) __PT_GET(x, __PT_IP_REG)

#define PT_REGS_PARM1_CORE(x) __PT_GET_CORE(x, __PT_PARM1_REG)
#define PT_REGS_PARM2_CORE(x) __PT_GET_CORE(x, __PT_PARM2_REG)
#define PT_REGS_PARM3_CORE(x) __PT_GET_CORE(x, __PT_PARM3_REG)
#define PT_REGS_PARM4_CORE(x) __PT_GET_CORE(x, __PT_PARM4_REG)
#define PT_REGS_PARM5_CORE(x) __PT_GET_CORE(x, __PT_PARM5_REG)
#define PT_REGS_PARM6_CORE(x) __PT_GET_CORE(x, __PT_PARM6_REG)
#define PT_REGS_PARM7_CORE(x) __PT_GET_CORE(x, __PT_PARM7_REG)
#define PT_REGS_PARM8_CORE(x) __PT_GET_CORE(x, __PT_PARM8_REG)
#define PT_REGS_RET_CORE(x) __PT_GET_CORE(x, __PT_RET_REG)
#define PT_REGS_FP_CORE(x) __PT_GET_CORE(x, __PT_FP_REG)
#define PT_REGS_RC_CORE(x) __PT_GET_CORE(x, __PT_RC_REG)
#define PT_REGS_SP_CORE(x) __PT_GET_CORE(x, __PT_SP_REG)
#define PT_REGS_IP_CORE(x) __PT_GET_CORE(x, __PT_IP_REG)

/* Arguments 1 to 7 of a system call, from the registers that PT_REGS_SYSCALL_REGS gives. */
#ifdef bpf_target_defined
#define PT_REGS_PARM1_SYSCALL(x) (__PT_SYSCALL_CAST(x)->__PT_PARM1_SYSCALL_REG)
#define PT_REGS_PARM1_CORE_SYSCALL(x) BPF_CORE_READ(__PT_SYSCALL_CAST(x), __PT_PARM1_SYSCALL_REG)
#else
#define PT_REGS_PARM1_SYSCALL(x) __PT_GET(x, )
#define PT_REGS_PARM1_CORE_SYSCALL(x) __PT_GET(x, )
#endif
#define PT_REGS_PARM2_SYSCALL(x) PT_REGS_PARM2(x)
#define PT_REGS_PARM3_SYSCALL(x) PT_REGS_PARM3(x)
#define PT_REGS_PARM4_SYSCALL(x) __PT_GET(x, __PT_PARM4_SYSCALL_REG)
#define PT_REGS_PARM5_SYSCALL(x) __PT_GET(x, __PT_PARM5_SYSCALL_REG)
#define PT_REGS_PARM6_SYSCALL(x) __PT_GET(x, __PT_PARM6_SYSCALL_REG)
#define PT_REGS_PARM7_SYSCALL(x) __PT_GET(x, __PT_PARM7_SYSCALL_REG)
#define PT_REGS_PARM2_CORE_SYSCALL(x) PT_REGS_PARM2_CORE(x)
#define PT_REGS_PARM3_CORE_SYSCALL(x) PT_REGS_PARM3_CORE(x)
#define PT_REGS_PARM4_CORE_SYSCALL(x) __PT_GET_CORE(x, __PT_PARM4_SYSCALL_REG)
#define PT_REGS_PARM5_CORE_SYSCALL(x) __PT_GET_CORE(x, __PT_PARM5_SYSCALL_REG)
#define PT_REGS_PARM6_CORE_SYSCALL(x) __PT_GET_CORE(x, __PT_PARM6_SYSCALL_REG)
#define PT_REGS_PARM7_CORE_SYSCALL(x) __PT_GET_CORE(x, __PT_PARM7_SYSCALL_REG)

/* Most kernels give a system call's function one argument, the registers of the caller. */
#ifndef PT_REGS_SYSCALL_REGS
#define PT_REGS_SYSCALL_REGS(ctx) ((struct pt_regs *)PT_REGS_PARM1(ctx))
#endif

/* The address that a probed function returns to, read at its entry or at its return. */
#ifdef __PT_RETURN_ADDRESS_IN_REGISTER
#define BPF_KPROBE_READ_RET_IP(ip, ctx) ({ (ip) = PT_REGS_RET(ctx); })
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx) BPF_KPROBE_READ_RET_IP(ip, ctx)
#else
#define BPF_KPROBE_READ_RET_IP(ip, ctx) ({ bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)PT_REGS_RET(ctx)); })
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx) \
    ({ bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)(PT_REGS_FP(ctx) + sizeof(ip))); })
#endif

/* ---- Programs that name and type their arguments ---- */

/*
 * Makes two functions of `int BPF_PROG(name, int a, struct b *b) { … }`: the program, which takes the context, and an
 * inlined one with the arguments and the body. `context` is the context's type, `call` the call of the second from the
 * first. Registers are numbers: their conversion to the arguments' types is silent.
 */
#define __bpf_typed_program(name, context, call, ...) \
    name(context ctx); \
    static __always_inline typeof(name(0)) ____##name(context ctx __VA_OPT__(,) __VA_ARGS__); \
    typeof(name(0)) name(context ctx) \
    { \
        _Pragma("GCC diagnostic push") \
        _Pragma("GCC diagnostic ignored \"-Wint-conversion\"") \
        call; \
        _Pragma("GCC diagnostic pop") \
    } \
    static __always_inline typeof(name(0)) ____##name(context ctx __VA_OPT__(,) __VA_ARGS__)

/* fentry, fexit, tp_btf, lsm, struct_ops and iterators: the context is an array of 64-bit arguments. */
#define __bpf_array_argument(index, argument) , ctx[index]
#define ___bpf_ctx_cast(...) ctx __bpf_each(__bpf_array_argument __VA_OPT__(,) __VA_ARGS__)
#define BPF_PROG(name, ...) \
    __bpf_typed_program(name, unsigned long long *, return ____##name(___bpf_ctx_cast(__VA_ARGS__)) \
                        __VA_OPT__(,) __VA_ARGS__)

/* Probes at a function's entry: arguments in registers. */
#define __bpf_parameter0 PT_REGS_PARM1(ctx)
#define __bpf_parameter1 PT_REGS_PARM2(ctx)
#define __bpf_parameter2 PT_REGS_PARM3(ctx)
#define __bpf_parameter3 PT_REGS_PARM4(ctx)
#define __bpf_parameter4 PT_REGS_PARM5(ctx)
#define __bpf_parameter5 PT_REGS_PARM6(ctx)
#define __bpf_parameter6 PT_REGS_PARM7(ctx)
#define __bpf_parameter7 PT_REGS_PARM8(ctx)
#define __bpf_register_argument(index, argument) , (unsigned long long)__bpf_parameter##index
#define ___bpf_kprobe_args(...) ctx __bpf_each(__bpf_register_argument __VA_OPT__(,) __VA_ARGS__)
#define BPF_KPROBE(name, ...) \
    __bpf_typed_program(name, struct pt_regs *, return ____##name(___bpf_kprobe_args(__VA_ARGS__)) \
                        __VA_OPT__(,) __VA_ARGS__)
#define BPF_UPROBE(name, ...) BPF_KPROBE(name __VA_OPT__(,) __VA_ARGS__)

/* Probes at a function's return: at most one argument, the result. */
#define __bpf_result_argument(index, argument) , (unsigned long long)PT_REGS_RC(ctx)
#define BPF_KRETPROBE(name, ...) \
    __bpf_typed_program(name, struct pt_regs *, \
                        return ____##name(ctx __bpf_each(__bpf_result_argument __VA_OPT__(,) __VA_ARGS__)) \
                        __VA_OPT__(,) __VA_ARGS__)
#define BPF_URETPROBE(name, ...) BPF_KRETPROBE(name __VA_OPT__(,) __VA_ARGS__)

/*
 * Probes at the entry of a system call. The loader sets the variable: where the kernel wraps its system calls, the
 * arguments are in registers that the first argument points to.
 */
#define __bpf_direct0 PT_REGS_PARM1_SYSCALL(regs)
#define __bpf_direct1 PT_REGS_PARM2_SYSCALL(regs)
#define __bpf_direct2 PT_REGS_PARM3_SYSCALL(regs)
#define __bpf_direct3 PT_REGS_PARM4_SYSCALL(regs)
#define __bpf_direct4 PT_REGS_PARM5_SYSCALL(regs)
#define __bpf_direct5 PT_REGS_PARM6_SYSCALL(regs)
#define __bpf_direct6 PT_REGS_PARM7_SYSCALL(regs)
#define __bpf_wrapped0 PT_REGS_PARM1_CORE_SYSCALL(regs)
#define __bpf_wrapped1 PT_REGS_PARM2_CORE_SYSCALL(regs)
#define __bpf_wrapped2 PT_REGS_PARM3_CORE_SYSCALL(regs)
#define __bpf_wrapped3 PT_REGS_PARM4_CORE_SYSCALL(regs)
#define __bpf_wrapped4 PT_REGS_PARM5_CORE_SYSCALL(regs)
#define __bpf_wrapped5 PT_REGS_PARM6_CORE_SYSCALL(regs)
#define __bpf_wrapped6 PT_REGS_PARM7_CORE_SYSCALL(regs)
#define __bpf_direct_argument(index, argument) , (unsigned long long)__bpf_direct##index
#define __bpf_wrapped_argument(index, argument) , (unsigned long long)__bpf_wrapped##index
#define __bpf_syscall_call(name, ...) \
    struct pt_regs *regs = LINUX_HAS_SYSCALL_WRAPPER ? (struct pt_regs *)PT_REGS_PARM1(ctx) : ctx; \
    if (LINUX_HAS_SYSCALL_WRAPPER) \
        return ____##name(ctx __bpf_each(__bpf_wrapped_argument __VA_OPT__(,) __VA_ARGS__)); \
    return ____##name(ctx __bpf_each(__bpf_direct_argument __VA_OPT__(,) __VA_ARGS__))
#define BPF_KSYSCALL(name, ...) \
    name(struct pt_regs *ctx); \
    extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig; \
    static __always_inline typeof(name(0)) ____##name(struct pt_regs *ctx __VA_OPT__(,) __VA_ARGS__); \
    typeof(name(0)) name(struct pt_regs *ctx) \
    { \
        _Pragma("GCC diagnostic push") \
        _Pragma("GCC diagnostic ignored \"-Wint-conversion\"") \
        __bpf_syscall_call(name __VA_OPT__(,) __VA_ARGS__); \
        _Pragma("GCC diagnostic pop") \
    } \
    static __always_inline typeof(name(0)) ____##name(struct pt_regs *ctx __VA_OPT__(,) __VA_ARGS__)
#define BPF_KPROBE_SYSCALL BPF_KSYSCALL

/* ---- BPF_PROG2(name, type, argument, type, argument): arguments may be structures of up to 16 bytes. ---- */

#define ___bpf_nth2(_, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, _19, _20, \
                    _21, _22, _23, _24, n, ...) n
/* The number of pairs, 0 to 12. */
#define ___bpf_narg2(...) \
    ___bpf_nth2(_ __VA_OPT__(,) __VA_ARGS__, 12, 12, 11, 11, 10, 10, 9, 9, 8, 8, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, \
                1, 1, 0)
/* __bpf_pairs(m, t, a, u, b) is m(t, a) m(u, b). */
#define __bpf_pairs(m, ...) ___bpf_apply(__bpf_pairs, ___bpf_narg2(__VA_ARGS__))(m __VA_OPT__(,) __VA_ARGS__)
#define __bpf_pairs0(m)
#define __bpf_pairs1(m, t, a) m(t, a)
#define __bpf_pairs2(m, t, a, ...) m(t, a) __bpf_pairs1(m, __VA_ARGS__)
#define __bpf_pairs3(m, t, a, ...) m(t, a) __bpf_pairs2(m, __VA_ARGS__)
#define __bpf_pairs4(m, t, a, ...) m(t, a) __bpf_pairs3(m, __VA_ARGS__)
#define __bpf_pairs5(m, t, a, ...) m(t, a) __bpf_pairs4(m, __VA_ARGS__)
#define __bpf_pairs6(m, t, a, ...) m(t, a) __bpf_pairs5(m, __VA_ARGS__)
#define __bpf_pairs7(m, t, a, ...) m(t, a) __bpf_pairs6(m, __VA_ARGS__)
#define __bpf_pairs8(m, t, a, ...) m(t, a) __bpf_pairs7(m, __VA_ARGS__)
#define __bpf_pairs9(m, t, a, ...) m(t, a) __bpf_pairs8(m, __VA_ARGS__)
#define __bpf_pairs10(m, t, a, ...) m(t, a) __bpf_pairs9(m, __VA_ARGS__)
#define __bpf_pairs11(m, t, a, ...) m(t, a) __bpf_pairs10(m, __VA_ARGS__)
#define __bpf_pairs12(m, t, a, ...) m(t, a) __bpf_pairs11(m, __VA_ARGS__)

/* Small values are in the low end of their 64 bits, which is the last one in memory on big-endian machines. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define __bpf_in_place(type, value) (value)
#else
#define __bpf_in_place(type, value) ((value) << (sizeof(type) < 8 ? 64 - 8 * sizeof(type) : 0))
#endif
#define __bpf_declared(type, argument) , type argument
#define __bpf_taken(type, argument) \
    union { \
        unsigned long long words[sizeof(type) > 8 ? 2 : 1]; \
        type value; \
    } __bpf_in_##argument; \
    _Static_assert(sizeof(type) <= 16, "an argument has at most 16 bytes"); \
    __bpf_in_##argument.words[0] = __bpf_in_place(type, ctx[__bpf_word]); \
    if (sizeof(type) > 8) \
        __bpf_in_##argument.words[sizeof(type) > 8] = ctx[__bpf_word + 1]; \
    __bpf_word += sizeof(type) > 8 ? 2 : 1;
#define __bpf_passed(type, argument) , __bpf_in_##argument.value
#define BPF_PROG2(name, ...) \
    name(unsigned long long *ctx); \
    static __always_inline typeof(name(0)) \
        ____##name(unsigned long long *ctx __bpf_pairs(__bpf_declared __VA_OPT__(,) __VA_ARGS__)); \
    typeof(name(0)) name(unsigned long long *ctx) \
    { \
        int __bpf_word = 0; \
        __bpf_pairs(__bpf_taken __VA_OPT__(,) __VA_ARGS__) \
        return ____##name(ctx __bpf_pairs(__bpf_passed __VA_OPT__(,) __VA_ARGS__)); \
    } \
    static __always_inline typeof(name(0)) \
        ____##name(unsigned long long *ctx __bpf_pairs(__bpf_declared __VA_OPT__(,) __VA_ARGS__))

#endif
