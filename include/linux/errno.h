/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/errno.h>. */
#ifndef SKEP_LINUX_ERRNO_H
#define SKEP_LINUX_ERRNO_H

#include <asm/errno.h>

#endif
