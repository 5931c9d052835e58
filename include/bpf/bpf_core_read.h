/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading kernel structures whose layout differs between kernels: the compiler records what is accessed, and the loader
 * corrects the numbers for the running kernel ("compile once, run everywhere").
 */
#ifndef SKEP_BPF_CORE_READ_H
#define SKEP_BPF_CORE_READ_H
#define __BPF_CORE_READ_H__

#include "bpf_helpers.h"

/* ---- Questions to the loader: the numbers are those of the compiler's builtins. ---- */

enum bpf_field_info_kind {
    BPF_FIELD_BYTE_OFFSET = 0,
    BPF_FIELD_BYTE_SIZE = 1,
    BPF_FIELD_EXISTS = 2,
    BPF_FIELD_SIGNED = 3,
    BPF_FIELD_LSHIFT_U64 = 4,
    BPF_FIELD_RSHIFT_U64 = 5,
};

enum bpf_type_id_kind {
    BPF_TYPE_ID_LOCAL = 0,
    BPF_TYPE_ID_TARGET = 1,
};

enum bpf_type_info_kind {
    BPF_TYPE_EXISTS = 0,
    BPF_TYPE_SIZE = 1,
    BPF_TYPE_MATCHES = 2,
};

enum bpf_enum_value_kind {
    BPF_ENUMVAL_EXISTS = 0,
    BPF_ENUMVAL_VALUE = 1,
};

#define __CORE_RELO(source, field, info) __builtin_preserve_field_info((source)->field, BPF_FIELD_##info)

/* A field is named by an access, `pointer->field`, or by two arguments, type and field. */
#define ___bpf_typeof(type) ((typeof(type) *)0)
#define ___bpf_field_ref1(access) (access)
#define ___bpf_field_ref2(type, field) (___bpf_typeof(type)->field)
#define ___bpf_field_ref(...) ___bpf_apply(___bpf_field_ref, ___bpf_narg(__VA_ARGS__))(__VA_ARGS__)

/* 1 when the kernel has the field, else 0. */
#define bpf_core_field_exists(...) __builtin_preserve_field_info(___bpf_field_ref(__VA_ARGS__), BPF_FIELD_EXISTS)
/* The field's size in bytes. */
#define bpf_core_field_size(...) __builtin_preserve_field_info(___bpf_field_ref(__VA_ARGS__), BPF_FIELD_BYTE_SIZE)
/* The field's offset in bytes. */
#define bpf_core_field_offset(...) __builtin_preserve_field_info(___bpf_field_ref(__VA_ARGS__), BPF_FIELD_BYTE_OFFSET)

/* The type's id in the program's own BTF. */
#define bpf_core_type_id_local(type) __builtin_btf_type_id(*___bpf_typeof(type), BPF_TYPE_ID_LOCAL)
/* The type's id in the kernel's BTF, 0 when it has none. */
#define bpf_core_type_id_kernel(type) __builtin_btf_type_id(*___bpf_typeof(type), BPF_TYPE_ID_TARGET)
/* 1 when the kernel has a type of that name, else 0. */
#define bpf_core_type_exists(type) __builtin_preserve_type_info(*___bpf_typeof(type), BPF_TYPE_EXISTS)
/* 1 when the kernel's type is laid out in a compatible way, else 0. */
#define bpf_core_type_matches(type) __builtin_preserve_type_info(*___bpf_typeof(type), BPF_TYPE_MATCHES)
/* The size of the kernel's type in bytes, 0 when it has none. */
#define bpf_core_type_size(type) __builtin_preserve_type_info(*___bpf_typeof(type), BPF_TYPE_SIZE)

/* 1 when the kernel's enum has the value, else 0. */
#define bpf_core_enum_value_exists(type, value) \
    __builtin_preserve_enum_value(*(typeof(type) *)value, BPF_ENUMVAL_EXISTS)
/* The number that the kernel's enum gives the value. */
#define bpf_core_enum_value(type, value) __builtin_preserve_enum_value(*(typeof(type) *)value, BPF_ENUMVAL_VALUE)

/* ---- Reads of one field ---- */

#define bpf_core_read(to, size, from) \
    bpf_probe_read_kernel(to, size, (const void *)__builtin_preserve_access_index(from))
#define bpf_core_read_str(to, size, from) \
    bpf_probe_read_kernel_str(to, size, (const void *)__builtin_preserve_access_index(from))
#define bpf_core_read_user(to, size, from) \
    bpf_probe_read_user(to, size, (const void *)__builtin_preserve_access_index(from))
#define bpf_core_read_user_str(to, size, from) \
    bpf_probe_read_user_str(to, size, (const void *)__builtin_preserve_access_index(from))

extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym __weak;

/* The pointer as one that the verifier knows and lets the program follow directly (Linux 6.2). */
#define bpf_core_cast(pointer, type) ((typeof(type) *)bpf_rdonly_cast((pointer), bpf_core_type_id_kernel(type)))

/* ---- Chains: BPF_CORE_READ(task, mm, exe_file, f_inode) follows task->mm->exe_file->f_inode. ---- */

#if __clang_major__ >= 19
#define __bpf_bare(...) __typeof_unqual__(__VA_ARGS__)
#else
#define __bpf_bare(...) typeof(__VA_ARGS__)
#endif

/* ___arrow(source, a, b) is source->a->b, ___type the type of that. (Not by __bpf_each, which may be at work already.) */
#define ___arrow(...) ___bpf_apply(___arrow, ___bpf_narg(__VA_ARGS__))(__VA_ARGS__)
#define ___type(...) __bpf_bare(___arrow(__VA_ARGS__))
#define ___arrow1(source) source
#define ___arrow2(source, a) ___arrow1(source->a)
#define ___arrow3(source, a, ...) ___arrow2(source->a, __VA_ARGS__)
#define ___arrow4(source, a, ...) ___arrow3(source->a, __VA_ARGS__)
#define ___arrow5(source, a, ...) ___arrow4(source->a, __VA_ARGS__)
#define ___arrow6(source, a, ...) ___arrow5(source->a, __VA_ARGS__)
#define ___arrow7(source, a, ...) ___arrow6(source->a, __VA_ARGS__)
#define ___arrow8(source, a, ...) ___arrow7(source->a, __VA_ARGS__)
#define ___arrow9(source, a, ...) ___arrow8(source->a, __VA_ARGS__)
#define ___arrow10(source, a, ...) ___arrow9(source->a, __VA_ARGS__)

/*
 * __bpf_chaseN follows N fields: every one but the last is a pointer that `next` reads into a variable of its own, and
 * `last` reads the last one into `to`. The value of it all is what `last` returns. The source is evaluated first: it may
 * be such a read itself, and recorded accesses cannot be nested.
 */
#define __bpf_chase(next, last, to, source, ...) ({ \
    typeof((source) + 0) __bpf_source = (source); \
    ___bpf_apply(__bpf_chase, ___bpf_narg(__VA_ARGS__))(next, last, to, __bpf_source, __VA_ARGS__); \
})
#define __bpf_step(step, next, source, field) \
    __bpf_bare((source)->field) step; \
    next((void *)&step, sizeof(step), &(source)->field);
#define __bpf_chase1(next, last, to, source, a) last((void *)(to), sizeof(*(to)), &(source)->a)
#define __bpf_chase2(next, last, to, source, a, ...) \
    ({ __bpf_step(__bpf_p2, next, source, a) __bpf_chase1(next, last, to, __bpf_p2, __VA_ARGS__); })
#define __bpf_chase3(next, last, to, source, a, ...) \
    ({ __bpf_step(__bpf_p3, next, source, a) __bpf_chase2(next, last, to, __bpf_p3, __VA_ARGS__); })
#define __bpf_chase4(next, last, to, source, a, ...) \
    ({ __bpf_step(__bpf_p4, next, source, a) __bpf_chase3(next, last, to, __bpf_p4, __VA_ARGS__); })
#define __bpf_chase5(next, last, to, source, a, ...) \
    ({ __bpf_step(__bpf_p5, next, source, a) __bpf_chase4(next, last, to, __bpf_p5, __VA_ARGS__); })
#define __bpf_chase6(next, last, to, source, a, ...) \
    ({ __bpf_step(__bpf_p6, next, source, a) __bpf_chase5(next, last, to, __bpf_p6, __VA_ARGS__); })
#define __bpf_chase7(next, last, to, source, a, ...) \
    ({ __bpf_step(__bpf_p7, next, source, a) __bpf_chase6(next, last, to, __bpf_p7, __VA_ARGS__); })
#define __bpf_chase8(next, last, to, source, a, ...) \
    ({ __bpf_step(__bpf_p8, next, source, a) __bpf_chase7(next, last, to, __bpf_p8, __VA_ARGS__); })
#define __bpf_chase9(next, last, to, source, a, ...) \
    ({ __bpf_step(__bpf_p9, next, source, a) __bpf_chase8(next, last, to, __bpf_p9, __VA_ARGS__); })

/* Into memory of the caller; the value is 0 or a negative error, of the string ones the length. */
#define BPF_CORE_READ_INTO(to, source, ...) __bpf_chase(bpf_core_read, bpf_core_read, to, source, __VA_ARGS__)
#define BPF_CORE_READ_STR_INTO(to, source, ...) __bpf_chase(bpf_core_read, bpf_core_read_str, to, source, __VA_ARGS__)
#define BPF_CORE_READ_USER_INTO(to, source, ...) \
    __bpf_chase(bpf_core_read_user, bpf_core_read_user, to, source, __VA_ARGS__)
#define BPF_CORE_READ_USER_STR_INTO(to, source, ...) \
    __bpf_chase(bpf_core_read_user, bpf_core_read_user_str, to, source, __VA_ARGS__)

/* The same without relocation: for structures that are the program's own. */
#define BPF_PROBE_READ_INTO(to, source, ...) \
    __bpf_chase(bpf_probe_read_kernel, bpf_probe_read_kernel, to, source, __VA_ARGS__)
#define BPF_PROBE_READ_STR_INTO(to, source, ...) \
    __bpf_chase(bpf_probe_read_kernel, bpf_probe_read_kernel_str, to, source, __VA_ARGS__)
#define BPF_PROBE_READ_USER_INTO(to, source, ...) \
    __bpf_chase(bpf_probe_read_user, bpf_probe_read_user, to, source, __VA_ARGS__)
#define BPF_PROBE_READ_USER_STR_INTO(to, source, ...) \
    __bpf_chase(bpf_probe_read_user, bpf_probe_read_user_str, to, source, __VA_ARGS__)

/* The value at the chain's end; zero where a read failed. Up to nine fields. */
#define __bpf_read_value(next, source, ...) ({ \
    ___type((source), __VA_ARGS__) __bpf_result; \
    __bpf_chase(next, next, &__bpf_result, source, __VA_ARGS__); \
    __bpf_result; \
})
#define BPF_CORE_READ(source, ...) __bpf_read_value(bpf_core_read, source, __VA_ARGS__)
/* The structures must be the kernel's, such as those of its user-space interface. */
#define BPF_CORE_READ_USER(source, ...) __bpf_read_value(bpf_core_read_user, source, __VA_ARGS__)
#define BPF_PROBE_READ(source, ...) __bpf_read_value(bpf_probe_read_kernel, source, __VA_ARGS__)
#define BPF_PROBE_READ_USER(source, ...) __bpf_read_value(bpf_probe_read_user, source, __VA_ARGS__)

/* ---- Bit fields, whatever their place, width and sign in the kernel ---- */

/* The loader's shifts are for the bytes in the low end of 64 bits: move the field to the top, then down again. */
#define __bpf_bits(value, source, field) ({ \
    (value) <<= __CORE_RELO(source, field, LSHIFT_U64); \
    __CORE_RELO(source, field, SIGNED) \
        ? (unsigned long long)((long long)(value) >> __CORE_RELO(source, field, RSHIFT_U64)) \
        : (value) >> __CORE_RELO(source, field, RSHIFT_U64); \
})

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define __bpf_low_bytes(value, size) ((void *)&(value))
#else
#define __bpf_low_bytes(value, size) ((void *)&(value) + (8 - (size)))
#endif

/* Through a helper: works in every program type that may read kernel memory. */
#define BPF_CORE_READ_BITFIELD_PROBED(source, field) ({ \
    unsigned long long __bpf_word = 0; \
    bpf_probe_read_kernel(__bpf_low_bytes(__bpf_word, __CORE_RELO(source, field, BYTE_SIZE)), \
                          __CORE_RELO(source, field, BYTE_SIZE), \
                          (const void *)(source) + __CORE_RELO(source, field, BYTE_OFFSET)); \
    __bpf_bits(__bpf_word, source, field); \
})

/* Directly: for pointers that the verifier knows. The barrier keeps one relocated address for all four loads. */
#define BPF_CORE_READ_BITFIELD(source, field) ({ \
    const void *__bpf_at = (const void *)(source) + __CORE_RELO(source, field, BYTE_OFFSET); \
    unsigned long long __bpf_word = 0; \
    barrier_var(__bpf_at); \
    switch (__CORE_RELO(source, field, BYTE_SIZE)) { \
    case 1: __bpf_word = *(const unsigned char *)__bpf_at; break; \
    case 2: __bpf_word = *(const unsigned short *)__bpf_at; break; \
    case 4: __bpf_word = *(const unsigned int *)__bpf_at; break; \
    case 8: __bpf_word = *(const unsigned long long *)__bpf_at; break; \
    } \
    __bpf_bits(__bpf_word, source, field); \
})

/* Sets a bit field and leaves its neighbours alone. */
#define BPF_CORE_WRITE_BITFIELD(target, field, new_value) ({ \
    void *__bpf_at = (void *)(target) + __CORE_RELO(target, field, BYTE_OFFSET); \
    unsigned int __bpf_size = __CORE_RELO(target, field, BYTE_SIZE); \
    unsigned int __bpf_left = __CORE_RELO(target, field, LSHIFT_U64); \
    unsigned int __bpf_right = __CORE_RELO(target, field, RSHIFT_U64); \
    unsigned long long __bpf_mask = (~0ULL << __bpf_right) >> __bpf_left; \
    unsigned long long __bpf_new = ((unsigned long long)(new_value) << (__bpf_right - __bpf_left)) & __bpf_mask; \
    barrier_var(__bpf_at); \
    switch (__bpf_size) { \
    case 1: __bpf_merge(unsigned char); break; \
    case 2: __bpf_merge(unsigned short); break; \
    case 4: __bpf_merge(unsigned int); break; \
    case 8: __bpf_merge(unsigned long long); break; \
    } \
})
#define __bpf_merge(type) *(type *)__bpf_at = (*(type *)__bpf_at & ~__bpf_mask) | __bpf_new

#endif
