/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The compiler's own, without the type that kernels give another meaning. */
#ifdef SKEP_VMLINUX_H
#ifndef SKEP_STDDEF_H
#define SKEP_STDDEF_H
#ifndef NULL
#define NULL ((void *)0)
#endif
#ifndef offsetof
#define offsetof(type, member) ((unsigned long)&((type *)0)->member)
#endif
#endif
#else
#include_next <stddef.h>
#endif
