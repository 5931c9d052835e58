/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_UAPI_LINUX_IF_ETHER_H
#define SKEP_UAPI_LINUX_IF_ETHER_H

#include <linux/if_ether.h>

#endif
