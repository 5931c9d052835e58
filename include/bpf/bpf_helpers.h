/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a BPF program in C needs first: section names, map definitions, attributes that the loader and the verifier
 * understand, printing and loops. Names and effects are those that programs written for libbpf 1.7 expect.
 */
#ifndef SKEP_BPF_HELPERS_H
#define SKEP_BPF_HELPERS_H
/* Sources test this one to see whether the header was included. */
#define __BPF_HELPERS__

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif
#include "bpf_helper_defs.h"

/* ---- Macro tools: counting arguments and repeating a macro for each. ---- */

#define ___bpf_concat(a, b) a##b
#define ___bpf_apply(function, n) ___bpf_concat(function, n)
#define ___bpf_nth(_, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, n, ...) n
/* The number of arguments, 0 to 12. */
#define ___bpf_narg(...) ___bpf_nth(_ __VA_OPT__(,) __VA_ARGS__, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)

/* __bpf_each(m, a, b, c) is m(0, a) m(1, b) m(2, c). */
#define __bpf_each(m, ...) ___bpf_apply(__bpf_each, ___bpf_narg(__VA_ARGS__))(m __VA_OPT__(,) __VA_ARGS__)
#define __bpf_each0(m)
#define __bpf_each1(m, a) m(0, a)
#define __bpf_each2(m, a, b) __bpf_each1(m, a) m(1, b)
#define __bpf_each3(m, a, b, c) __bpf_each2(m, a, b) m(2, c)
#define __bpf_each4(m, a, b, c, d) __bpf_each3(m, a, b, c) m(3, d)
#define __bpf_each5(m, a, b, c, d, e) __bpf_each4(m, a, b, c, d) m(4, e)
#define __bpf_each6(m, a, b, c, d, e, f) __bpf_each5(m, a, b, c, d, e) m(5, f)
#define __bpf_each7(m, a, b, c, d, e, f, g) __bpf_each6(m, a, b, c, d, e, f) m(6, g)
#define __bpf_each8(m, a, b, c, d, e, f, g, h) __bpf_each7(m, a, b, c, d, e, f, g) m(7, h)
#define __bpf_each9(m, a, b, c, d, e, f, g, h, i) __bpf_each8(m, a, b, c, d, e, f, g, h) m(8, i)
#define __bpf_each10(m, a, b, c, d, e, f, g, h, i, j) __bpf_each9(m, a, b, c, d, e, f, g, h, i) m(9, j)
#define __bpf_each11(m, a, b, c, d, e, f, g, h, i, j, k) __bpf_each10(m, a, b, c, d, e, f, g, h, i, j) m(10, k)
#define __bpf_each12(m, a, b, c, d, e, f, g, h, i, j, k, l) \
    __bpf_each11(m, a, b, c, d, e, f, g, h, i, j, k) m(11, l)

/* ---- Sections and linkage ---- */

/*
 * Puts a program, map or variable into a section; `used` keeps it when nothing else refers to it. A declaration
 * cannot be `used`: the warning about that is silenced.
 */
#define SEC(name) \
    _Pragma("GCC diagnostic push") \
    _Pragma("GCC diagnostic ignored \"-Wignored-attributes\"") \
    __attribute__((used, section(name))) \
    _Pragma("GCC diagnostic pop")

/* A system's own header may have defined it without the attribute. */
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#ifndef __weak
#define __weak __attribute__((weak))
#endif
/* A global function with this is verified in the context of each caller, like a static one. */
#define __hidden __attribute__((visibility("hidden")))

/* ---- Map definitions: numbers and types are kept in the types of a struct's fields, where BTF shows them. ---- */

#define __uint(name, number) int (*name)[number]
#define __type(name, kind) typeof(kind) *name
#define __array(name, kind) typeof(kind) *name[]
#define __ulong(name, number) enum { ___bpf_concat(__bpf_ulong_, __COUNTER__) = number } name

enum libbpf_pin_type {
    LIBBPF_PIN_NONE = 0,
    LIBBPF_PIN_BY_NAME = 1,
};

/* ---- What the loader fills in ---- */

enum libbpf_tristate {
    TRI_NO = 0,
    TRI_YES = 1,
    TRI_MODULE = 2,
};

#define __kconfig __attribute__((section(".kconfig")))
#define __ksym __attribute__((section(".ksyms")))

/*
 * Whether the kernel has a weak __ksym symbol. The first line makes sure at compile time that it is declared weak: a
 * strong one always exists.
 */
#define bpf_ksym_exists(symbol) ({ \
    _Static_assert(!__builtin_constant_p(!!(symbol)), #symbol " is not declared __weak"); \
    !!(symbol); \
})

/* ---- Tags of pointers in map values, and of arguments of global functions ---- */

#define __kptr __attribute__((btf_type_tag("kptr")))
#define __kptr_untrusted __attribute__((btf_type_tag("kptr_untrusted")))
#define __percpu_kptr __attribute__((btf_type_tag("percpu_kptr")))
#define __uptr __attribute__((btf_type_tag("uptr")))

#define __arg_ctx __attribute__((btf_decl_tag("arg:ctx")))
#define __arg_nonnull __attribute__((btf_decl_tag("arg:nonnull")))
#define __arg_nullable __attribute__((btf_decl_tag("arg:nullable")))
#define __arg_trusted __attribute__((btf_decl_tag("arg:trusted")))
#define __arg_untrusted __attribute__((btf_decl_tag("arg:untrusted")))
#define __arg_arena __attribute__((btf_decl_tag("arg:arena")))

/* ---- C that every kernel source expects ---- */

#ifndef NULL
#define NULL ((void *)0)
#endif
#ifndef KERNEL_VERSION
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#endif
#ifndef likely
#define likely(condition) __builtin_expect(!!(condition), 1)
#endif
#ifndef unlikely
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#endif

/* Written as an access, so that the compiler records it for relocation; its own builtin would be a plain number. */
#undef offsetof
#define offsetof(type, member) ((unsigned long)&((type *)0)->member)
#undef container_of
#define container_of(pointer, type, member) ((type *)((void *)(pointer) - offsetof(type, member)))

/* Memory is what it was on both sides of this. */
#ifndef barrier
#define barrier() asm volatile("" : : : "memory")
#endif
/* The compiler knows nothing about the variable from here on, and cannot move a check of it. */
#ifndef barrier_var
#define barrier_var(variable) asm volatile("" : "+r"(variable))
#endif
/* The object does not load when the compiler cannot prove that this is never reached. */
#ifndef __bpf_unreachable
#define __bpf_unreachable() __builtin_trap()
#endif

/*
 * A tail call whose index is a constant in the instruction just before, whatever the compiler merges: the kernel turns
 * it into a direct jump.
 */
static __always_inline void bpf_tail_call_static(void *ctx, const void *map, const __u32 slot)
{
    if (!__builtin_constant_p(slot))
        __bpf_unreachable();
#ifdef __bpf__
    asm volatile("r1 = %0; r2 = %1; r3 = %2; call 12"
                 :
                 : "r"(ctx), "r"(map), "i"(slot)
                 : "r0", "r1", "r2", "r3", "r4", "r5");
#endif
}

/* ---- Printing ---- */

#ifdef BPF_NO_GLOBAL_DATA
#define BPF_PRINTK_FMT_MOD
#else
#define BPF_PRINTK_FMT_MOD static const
#endif

/* One format string and its values as 64-bit numbers, given to `call(format, its size, values, their size)`. */
#define __bpf_value(index, value) (unsigned long long)(value),
#define __bpf_formatted(call, format, ...) ({ \
    static const char __bpf_format[] = format; \
    unsigned long long __bpf_values[] = { __bpf_each(__bpf_value __VA_OPT__(,) __VA_ARGS__) }; \
    call(__bpf_format, sizeof(__bpf_format), __bpf_values, sizeof(__bpf_values)); \
})

/* Puts values into an array, for macros of a program's own. */
#define ___bpf_fill(array, ...) \
    __builtin_memcpy(array, ((unsigned long long[]){ __bpf_each(__bpf_value __VA_OPT__(,) __VA_ARGS__) }), sizeof(array))

/* Up to three values: works on every kernel. */
#define __bpf_printk(format, ...) ({ \
    BPF_PRINTK_FMT_MOD char __bpf_format[] = format; \
    bpf_trace_printk(__bpf_format, sizeof(__bpf_format) __VA_OPT__(,) __VA_ARGS__); \
})
/* Up to twelve values: Linux 5.16. */
#define __bpf_vprintk(format, ...) __bpf_formatted(bpf_trace_vprintk, format __VA_OPT__(,) __VA_ARGS__)

#define ___bpf_pick_printk(...) \
    ___bpf_nth(_ __VA_OPT__(,) __VA_ARGS__, __bpf_vprintk, __bpf_vprintk, __bpf_vprintk, __bpf_vprintk, \
               __bpf_vprintk, __bpf_vprintk, __bpf_vprintk, __bpf_vprintk, __bpf_vprintk, __bpf_printk, \
               __bpf_printk, __bpf_printk, __bpf_printk)

/* Prints a line to the kernel's trace pipe. */
#define bpf_printk(format, ...) ___bpf_pick_printk(__VA_ARGS__)(format __VA_OPT__(,) __VA_ARGS__)

/* Prints into a seq_file of an iterator (Linux 5.8). */
#define BPF_SEQ_PRINTF(seq, format, ...) ({ \
    struct seq_file *__bpf_seq = (seq); \
    __bpf_formatted(__bpf_seq_printf, format __VA_OPT__(,) __VA_ARGS__); \
})
#define __bpf_seq_printf(format, size, values, values_size) \
    bpf_seq_printf(__bpf_seq, format, size, values, values_size)

/* Prints into memory (Linux 5.13). */
#define BPF_SNPRINTF(out, out_size, format, ...) ({ \
    char *__bpf_out = (char *)(out); \
    __u32 __bpf_out_size = (out_size); \
    __bpf_formatted(__bpf_snprintf, format __VA_OPT__(,) __VA_ARGS__); \
})
#define __bpf_snprintf(format, size, values, values_size) \
    bpf_snprintf(__bpf_out, __bpf_out_size, format, values, values_size)

/* Prints into a stream of the program (Linux 6.17; the function comes from vmlinux.h). */
#define bpf_stream_printk(stream, format, ...) ({ \
    int __bpf_stream = (stream); \
    __bpf_formatted(__bpf_stream_vprintk, format __VA_OPT__(,) __VA_ARGS__); \
})
#define __bpf_stream_vprintk(format, size, values, values_size) \
    bpf_stream_vprintk(__bpf_stream, format, values, values_size)

/* ---- Loops over the kernel's iterators (Linux 6.4) ---- */

struct bpf_iter_num;

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __weak __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __weak __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __weak __ksym;

/*
 * The head of a `for` that owns an iterator: it is made once, and destroyed however the loop is left. Naming the
 * destroy function in an expression makes the compiler describe it in BTF, which the attribute alone does not.
 */
#define __bpf_iterator(type, ...) \
    struct bpf_iter_##type __bpf_it __attribute__((aligned(8), cleanup(bpf_iter_##type##_destroy))), \
        *__bpf_made __attribute__((unused)) = \
            (bpf_iter_##type##_new(&__bpf_it __VA_OPT__(,) __VA_ARGS__), (void)bpf_iter_##type##_destroy, (void *)0)

/* Runs for every element of an iterator: bpf_for_each(task, task, NULL, BPF_TASK_ITER_ALL_PROCS) { … } */
#ifndef bpf_for_each
#define bpf_for_each(type, element, ...) \
    for (__bpf_iterator(type __VA_OPT__(,) __VA_ARGS__); ((element) = bpf_iter_##type##_next(&__bpf_it));)
#endif

/* Counts i from start to end - 1; the verifier knows these bounds of i inside the loop. */
#ifndef bpf_for
#define bpf_for(i, start, end) \
    for (__bpf_iterator(num, (start), (end)); ({ \
             int *__bpf_next = bpf_iter_num_next(&__bpf_it); \
             __bpf_next && ((i) = *__bpf_next, (i) >= (start) && (i) < (end)); \
         });)
#endif

/* Runs n times. */
#ifndef bpf_repeat
#define bpf_repeat(n) for (__bpf_iterator(num, 0, (n)); bpf_iter_num_next(&__bpf_it);)
#endif

/* ---- Loops that the kernel ends when they take too long (Linux 6.9) ---- */

/*
 * Jumps to a label once the loop has had its turns, 8 million at least: the verifier accepts any loop that passes here.
 * Written as bytes where the assembler does not know the instruction.
 */
#ifdef __BPF_FEATURE_MAY_GOTO
#define __bpf_may_goto(label) asm volatile goto("may_goto %l[" #label "]" : : : : label)
#else
#define __bpf_may_goto(label) \
    asm volatile goto("1: .byte 0xe5; .byte 0; .short ((%l[" #label "] - 1b - 8) / 8) & 0xffff; .long 0" \
                      : : : : label)
#endif

/* A condition that is true until then: for (…; i < n && can_loop; i++) */
#ifndef can_loop
#define can_loop ({ \
    __label__ __bpf_end, __bpf_on; \
    _Bool __bpf_goes_on = 1; \
    __bpf_may_goto(__bpf_end); \
    goto __bpf_on; \
__bpf_end: \
    __bpf_goes_on = 0; \
__bpf_on: \
    __bpf_goes_on; \
})
#endif

/* Leaves the loop then. */
#ifndef cond_break
#define cond_break ({ \
    __label__ __bpf_end, __bpf_on; \
    __bpf_may_goto(__bpf_end); \
    goto __bpf_on; \
__bpf_end: \
    break; \
__bpf_on:; \
})
#endif

#endif
