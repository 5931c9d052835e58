/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Byte swaps; of constants when compiled. */
#ifndef SKEP_LINUX_SWAB_H
#define SKEP_LINUX_SWAB_H

#include <linux/types.h>

#define __swab16(x) ((__u16)__builtin_bswap16((__u16)(x)))
#define __swab32(x) ((__u32)__builtin_bswap32((__u32)(x)))
#define __swab64(x) ((__u64)__builtin_bswap64((__u64)(x)))
#define ___constant_swab16(x) __swab16(x)
#define ___constant_swab32(x) __swab32(x)
#define ___constant_swab64(x) __swab64(x)
#define __constant_swab16(x) __swab16(x)
#define __constant_swab32(x) __swab32(x)
#define __constant_swab64(x) __swab64(x)
#define __fswab16(x) __swab16(x)
#define __fswab32(x) __swab32(x)
#define __fswab64(x) __swab64(x)
#define __swahw32(x) ((__u32)(((__u32)(x) << 16) | ((__u32)(x) >> 16)))
#define __swahb32(x) ((__u32)((((__u32)(x) & 0x00ff00ffU) << 8) | (((__u32)(x) & 0xff00ff00U) >> 8)))

#define __swab16p(p) __swab16(*(p))
#define __swab32p(p) __swab32(*(p))
#define __swab64p(p) __swab64(*(p))
#define __swab16s(p) ((void)(*(p) = __swab16(*(p))))
#define __swab32s(p) ((void)(*(p) = __swab32(*(p))))
#define __swab64s(p) ((void)(*(p) = __swab64(*(p))))

#endif
