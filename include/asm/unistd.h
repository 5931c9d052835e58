/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Numbers of the system calls. */
#ifndef SKEP_ASM_UNISTD_H
#define SKEP_ASM_UNISTD_H

#if defined(__TARGET_ARCH_x86) || defined(__x86_64__)
#include <asm/unistd_64.h>
#else
#include <asm-generic/unistd.h>
#endif

#endif
