/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_UN_H
#define SKEP_SYS_UN_H

#include <linux/un.h>

#endif
