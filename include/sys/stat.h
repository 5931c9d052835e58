/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_STAT_H
#define SKEP_SYS_STAT_H

#include <sys/types.h>
#include <linux/stat.h>

#endif
