/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_NETINET_IP6_H
#define SKEP_NETINET_IP6_H

#include <netinet/in.h>
#include <linux/ipv6.h>

#endif
