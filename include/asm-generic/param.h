/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <asm-generic/param.h>. */
#ifndef SKEP_ASM_GENERIC_PARAM_H
#define SKEP_ASM_GENERIC_PARAM_H

#define __USER_HZ 100
#define HZ __USER_HZ
#define EXEC_PAGESIZE 4096
#define NOGROUP (-1)
#define MAXHOSTNAMELEN 64

#endif
