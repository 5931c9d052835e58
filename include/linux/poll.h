/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/poll.h>. */
#ifndef SKEP_LINUX_POLL_H
#define SKEP_LINUX_POLL_H

#include <asm/poll.h>

#endif
