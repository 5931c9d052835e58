/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_ASM_POSIX_TYPES_H
#define SKEP_ASM_POSIX_TYPES_H

#include <linux/posix_types.h>

#endif
