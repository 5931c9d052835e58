/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_UIO_H
#define SKEP_SYS_UIO_H

#include <linux/uio.h>

#endif
