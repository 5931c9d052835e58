/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_ERRNO_H
#define SKEP_ERRNO_H

#include <linux/errno.h>

#endif
