/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_LINUX_COMPILER_TYPES_H
#define SKEP_LINUX_COMPILER_TYPES_H

#include <linux/compiler.h>

#endif
