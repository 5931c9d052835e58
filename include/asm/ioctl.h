/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <asm/ioctl.h>. */
#ifndef SKEP_ASM_IOCTL_H
#define SKEP_ASM_IOCTL_H

#include <asm-generic/ioctl.h>

#endif
