/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_IOCTL_H
#define SKEP_SYS_IOCTL_H

#include <linux/ioctl.h>

#endif
