/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_ASM_BITSPERLONG_H
#define SKEP_ASM_BITSPERLONG_H

#define __BITS_PER_LONG 64
#define __BITS_PER_LONG_LONG 64

#endif
