/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_NETINET_IP_ICMP_H
#define SKEP_NETINET_IP_ICMP_H

#include <linux/icmp.h>

#endif
