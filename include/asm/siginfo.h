/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_ASM_SIGINFO_H
#define SKEP_ASM_SIGINFO_H

#include <asm-generic/siginfo.h>

#endif
