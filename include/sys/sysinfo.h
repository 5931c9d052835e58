/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_SYSINFO_H
#define SKEP_SYS_SYSINFO_H

#include <linux/sysinfo.h>

#endif
