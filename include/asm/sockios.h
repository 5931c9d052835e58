/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <asm/sockios.h>. */
#ifndef SKEP_ASM_SOCKIOS_H
#define SKEP_ASM_SOCKIOS_H

#include <asm-generic/sockios.h>

#endif
