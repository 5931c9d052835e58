/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_TIME_H
#define SKEP_SYS_TIME_H

#include <linux/time.h>

#endif
