/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_WAIT_H
#define SKEP_SYS_WAIT_H

#include <linux/wait.h>

#endif
