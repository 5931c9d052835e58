/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <asm/mman.h>. */
#ifndef SKEP_ASM_MMAN_H
#define SKEP_ASM_MMAN_H

#include <asm-generic/mman.h>

#define MAP_32BIT 0x40
#define MAP_ABOVE4G 0x80

#endif
