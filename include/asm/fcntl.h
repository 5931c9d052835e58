/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <asm/fcntl.h>. */
#ifndef SKEP_ASM_FCNTL_H
#define SKEP_ASM_FCNTL_H

#include <asm-generic/fcntl.h>

#endif
