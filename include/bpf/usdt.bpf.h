/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Arguments of user-space static probes (USDT). User space parses a probe's argument text once and puts a description of
 * it into a map; programs find the description by the attachment's cookie and read the values. Map names and layouts
 * are those of libbpf 1.7, so that either side may be replaced.
 */
#ifndef SKEP_USDT_BPF_H
#define SKEP_USDT_BPF_H
#define __USDT_BPF_H__

#include <linux/errno.h>
#include "bpf_helpers.h"
#include "bpf_tracing.h"

/* How many different argument descriptions there may be at once. */
#ifndef BPF_USDT_MAX_SPEC_CNT
#define BPF_USDT_MAX_SPEC_CNT 256
#endif
/* How many probe addresses there may be on kernels without cookies. */
#ifndef BPF_USDT_MAX_IP_CNT
#define BPF_USDT_MAX_IP_CNT (4 * BPF_USDT_MAX_SPEC_CNT)
#endif
#define BPF_USDT_MAX_ARG_CNT 12

enum __bpf_usdt_arg_type {
    BPF_USDT_ARG_CONST,     /* val_off is the value */
    BPF_USDT_ARG_REG,       /* the register at reg_off */
    BPF_USDT_ARG_REG_DEREF, /* user memory at register + val_off */
    BPF_USDT_ARG_SIB,       /* user memory at register + (index register << scale_bitshift) + val_off */
};

struct __bpf_usdt_arg_spec {
    __u64 val_off;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    enum __bpf_usdt_arg_type arg_type : 8;
    __u16 idx_reg_off : 12;
    __u16 scale_bitshift : 4;
    __u8 __reserved : 8;
#else
    __u8 __reserved : 8;
    __u16 idx_reg_off : 12;
    __u16 scale_bitshift : 4;
    enum __bpf_usdt_arg_type arg_type : 8;
#endif
    short reg_off; /* offset in struct pt_regs */
    _Bool arg_signed;
    char arg_bitshift; /* 64 - the argument's bits */
};

struct __bpf_usdt_spec {
    struct __bpf_usdt_arg_spec args[BPF_USDT_MAX_ARG_CNT];
    __u64 usdt_cookie;
    short arg_cnt;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, BPF_USDT_MAX_SPEC_CNT);
    __type(key, int);
    __type(value, struct __bpf_usdt_spec);
} __bpf_usdt_specs SEC(".maps") __weak;

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, BPF_USDT_MAX_IP_CNT);
    __type(key, long);
    __type(value, __u32);
} __bpf_usdt_ip_to_spec_id SEC(".maps") __weak;

/* Set by the loader. */
extern const _Bool LINUX_HAS_BPF_COOKIE __kconfig;

/* The description of the probe that was hit, or NULL. */
static __always_inline struct __bpf_usdt_spec *__bpf_usdt_spec_of(struct pt_regs *ctx)
{
    int id;

    if (LINUX_HAS_BPF_COOKIE) {
        id = bpf_get_attach_cookie(ctx);
    } else {
        long address = PT_REGS_IP(ctx);
        int *found = bpf_map_lookup_elem(&__bpf_usdt_ip_to_spec_id, &address);

        if (!found)
            return NULL;
        id = *found;
    }
    return bpf_map_lookup_elem(&__bpf_usdt_specs, &id);
}

/* The description of one argument, or NULL. */
static __always_inline struct __bpf_usdt_arg_spec *__bpf_usdt_arg_of(struct __bpf_usdt_spec *spec, __u64 index)
{
    if (index >= BPF_USDT_MAX_ARG_CNT)
        return NULL;
    barrier_var(index);
    if (index >= spec->arg_cnt)
        return NULL;
    return &spec->args[index];
}

/* The number of the probe's arguments, or -ESRCH. */
__weak __hidden int bpf_usdt_arg_cnt(struct pt_regs *ctx)
{
    struct __bpf_usdt_spec *spec = __bpf_usdt_spec_of(ctx);

    return spec ? spec->arg_cnt : -ESRCH;
}

/* The size of an argument in bytes, or -ESRCH or -ENOENT. */
static __always_inline int bpf_usdt_arg_size(struct pt_regs *ctx, __u64 arg_num)
{
    struct __bpf_usdt_spec *spec = __bpf_usdt_spec_of(ctx);
    struct __bpf_usdt_arg_spec *arg;

    if (!spec)
        return -ESRCH;
    arg = __bpf_usdt_arg_of(spec, arg_num);
    return arg ? (64 - (unsigned int)arg->arg_bitshift) / 8 : -ENOENT;
}

/* Reads an argument, counted from 0; the result is 0 when it cannot be read. */
__weak __hidden int bpf_usdt_arg(struct pt_regs *ctx, __u64 arg_num, long *res)
{
    struct __bpf_usdt_spec *spec;
    struct __bpf_usdt_arg_spec *arg;
    unsigned long value = 0, index = 0;
    int error, type;

    *res = 0;
    spec = __bpf_usdt_spec_of(ctx);
    if (!spec)
        return -ESRCH;
    arg = __bpf_usdt_arg_of(spec, arg_num);
    if (!arg)
        return -ENOENT;

    type = arg->arg_type;
    if (type == BPF_USDT_ARG_CONST) {
        value = arg->val_off;
    } else {
        /* Registers at computed offsets cannot be loaded from the context directly. */
        error = bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx + arg->reg_off);
        if (error)
            return error;
        if (type == BPF_USDT_ARG_SIB) {
            error = bpf_probe_read_kernel(&index, sizeof(index), (void *)ctx + arg->idx_reg_off);
            if (error)
                return error;
            index <<= arg->scale_bitshift;
        } else if (type != BPF_USDT_ARG_REG && type != BPF_USDT_ARG_REG_DEREF) {
            return -EINVAL;
        }
        if (type != BPF_USDT_ARG_REG) {
            error = bpf_probe_read_user(&value, sizeof(value), (void *)(value + index + arg->val_off));
            if (error)
                return error;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
            value >>= arg->arg_bitshift;
#endif
        }
    }
    /* Only the argument's own bits count. */
    value <<= arg->arg_bitshift;
    *res = arg->arg_signed ? (long)value >> arg->arg_bitshift : (long)(value >> arg->arg_bitshift);
    return 0;
}

/* The number that user space gave the attachment, 0 when none. */
__weak __hidden long bpf_usdt_cookie(struct pt_regs *ctx)
{
    struct __bpf_usdt_spec *spec = __bpf_usdt_spec_of(ctx);

    return spec ? spec->usdt_cookie : 0;
}

/* int BPF_USDT(name, int a, void *b) { … }: a program with the probe's arguments. */
#define __bpf_usdt_argument(index, argument) \
    , ({ long __bpf_read; bpf_usdt_arg(ctx, index, &__bpf_read); __bpf_read; })
#define BPF_USDT(name, ...) \
    __bpf_typed_program(name, struct pt_regs *, \
                        return ____##name(ctx __bpf_each(__bpf_usdt_argument __VA_OPT__(,) __VA_ARGS__)) \
                        __VA_OPT__(,) __VA_ARGS__)

#endif
