/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Integers of fixed size, as the kernel's interfaces spell them.
 *
 * Where the vmlinux.h that skep makes was included first (it defines SKEP_VMLINUX_H), all headers here leave their types to
 * it and only add macros; so a source may use both.
 */
#ifndef SKEP_LINUX_TYPES_H
#define SKEP_LINUX_TYPES_H

#include <asm/types.h>

typedef __u16 __le16;
typedef __u16 __be16;
typedef __u32 __le32;
typedef __u32 __be32;
typedef __u64 __le64;
typedef __u64 __be64;
typedef __u16 __sum16;
typedef __u32 __wsum;
typedef unsigned int __poll_t;

/* 64 bits that are aligned to 8 bytes on every machine. */
#define __aligned_u64 __u64 __attribute__((aligned(8)))
#define __aligned_s64 __s64 __attribute__((aligned(8)))
#define __aligned_be64 __be64 __attribute__((aligned(8)))
#define __aligned_le64 __le64 __attribute__((aligned(8)))

/* Marks of a checker that is not in use here. */
#ifndef __bitwise
#define __bitwise
#endif
#ifndef __bitwise__
#define __bitwise__
#endif

#include <linux/posix_types.h>

#endif
