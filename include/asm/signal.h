/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_ASM_SIGNAL_H
#define SKEP_ASM_SIGNAL_H

#include <asm-generic/signal.h>

#endif
