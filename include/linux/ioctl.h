/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/ioctl.h>. */
#ifndef SKEP_LINUX_IOCTL_H
#define SKEP_LINUX_IOCTL_H

#include <asm/ioctl.h>

#endif
