/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/param.h>. */
#ifndef SKEP_LINUX_PARAM_H
#define SKEP_LINUX_PARAM_H

#include <asm/param.h>

#endif
