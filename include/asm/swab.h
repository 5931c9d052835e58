/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_ASM_SWAB_H
#define SKEP_ASM_SWAB_H

#include <linux/swab.h>

#endif
