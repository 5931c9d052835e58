/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/typelimits.h>. */
#ifndef SKEP_LINUX_TYPELIMITS_H
#define SKEP_LINUX_TYPELIMITS_H

#define __KERNEL_INT_MAX ((int)(~0U >> 1))
#define __KERNEL_INT_MIN (-__KERNEL_INT_MAX - 1)

#endif
