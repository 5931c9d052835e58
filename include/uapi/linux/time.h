/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_UAPI_LINUX_TIME_H
#define SKEP_UAPI_LINUX_TIME_H

#include <linux/time.h>

#endif
