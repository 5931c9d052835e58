/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_LINUX_UNISTD_H
#define SKEP_LINUX_UNISTD_H

#include <asm/unistd.h>

#endif
