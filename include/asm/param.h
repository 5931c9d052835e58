/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <asm/param.h>. */
#ifndef SKEP_ASM_PARAM_H
#define SKEP_ASM_PARAM_H

#include <asm-generic/param.h>

#endif
