/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <asm/resource.h>. */
#ifndef SKEP_ASM_RESOURCE_H
#define SKEP_ASM_RESOURCE_H

#include <asm-generic/resource.h>

#endif
