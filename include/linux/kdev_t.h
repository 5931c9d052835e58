/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/kdev_t.h>. */
#ifndef SKEP_LINUX_KDEV_T_H
#define SKEP_LINUX_KDEV_T_H

#define MAJOR(dev) ((dev)>>8)
#define MINOR(dev) ((dev) & 0xff)
#define MKDEV(ma,mi) ((ma)<<8 | (mi))

#endif
