/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_MMAN_H
#define SKEP_SYS_MMAN_H

#include <linux/mman.h>

#endif
