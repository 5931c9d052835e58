/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_SYSCALL_H
#define SKEP_SYS_SYSCALL_H

#include <asm/unistd.h>

#endif
