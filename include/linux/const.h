/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Constants that assembler can read too, and rounding. */
#ifndef SKEP_LINUX_CONST_H
#define SKEP_LINUX_CONST_H

#define __AC(value, suffix) value##suffix
#define _AC(value, suffix) __AC(value, suffix)
#define _AT(type, value) ((type)(value))
#define _UL(value) _AC(value, UL)
#define _ULL(value) _AC(value, ULL)
#define _BITUL(bit) (_UL(1) << (bit))
#define _BITULL(bit) (_ULL(1) << (bit))

#define __ALIGN_KERNEL_MASK(value, mask) (((value) + (mask)) & ~(mask))
#define __ALIGN_KERNEL(value, size) __ALIGN_KERNEL_MASK(value, (typeof(value))(size) - 1)
#define __KERNEL_DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))

#endif
