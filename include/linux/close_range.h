/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/close_range.h>. */
#ifndef SKEP_LINUX_CLOSE_RANGE_H
#define SKEP_LINUX_CLOSE_RANGE_H

#define CLOSE_RANGE_UNSHARE (1U << 1)
#define CLOSE_RANGE_CLOEXEC (1U << 2)

#endif
