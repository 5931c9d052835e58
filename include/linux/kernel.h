/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_LINUX_KERNEL_H
#define SKEP_LINUX_KERNEL_H

#include <linux/sysinfo.h>
#include <linux/const.h>

#endif
