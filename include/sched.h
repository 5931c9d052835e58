/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SCHED_H
#define SKEP_SCHED_H

#include <linux/sched.h>

#endif
