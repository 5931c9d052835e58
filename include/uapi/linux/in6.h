/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_UAPI_LINUX_IN6_H
#define SKEP_UAPI_LINUX_IN6_H

#include <linux/in6.h>

#endif
