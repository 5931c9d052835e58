/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <asm/errno.h>. */
#ifndef SKEP_ASM_ERRNO_H
#define SKEP_ASM_ERRNO_H

#include <asm-generic/errno.h>

#endif
