/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <asm/poll.h>. */
#ifndef SKEP_ASM_POLL_H
#define SKEP_ASM_POLL_H

#include <asm-generic/poll.h>

#endif
