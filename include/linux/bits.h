/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/bits.h>. */
#ifndef SKEP_LINUX_BITS_H
#define SKEP_LINUX_BITS_H

#define __GENMASK(h,l) (((~_UL(0)) << (l)) & (~_UL(0) >> (__BITS_PER_LONG - 1 - (h))))
#define __GENMASK_ULL(h,l) (((~_ULL(0)) << (l)) & (~_ULL(0) >> (__BITS_PER_LONG_LONG - 1 - (h))))
#define __GENMASK_U128(h,l) ((_BIT128((h)) << 1) - (_BIT128(l)))

#endif
