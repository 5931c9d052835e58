/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_UAPI_LINUX_IPV6_H
#define SKEP_UAPI_LINUX_IPV6_H

#include <linux/ipv6.h>

#endif
