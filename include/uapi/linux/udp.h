/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_UAPI_LINUX_UDP_H
#define SKEP_UAPI_LINUX_UDP_H

#include <linux/udp.h>

#endif
