/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_NETINET_IP_H
#define SKEP_NETINET_IP_H

#include <netinet/in.h>
#include <linux/ip.h>

#endif
