/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_LINUX_PTRACE_H
#define SKEP_LINUX_PTRACE_H

#include <linux/types.h>
#include <asm/ptrace.h>

#endif
