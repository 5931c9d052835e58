/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_NET_IF_ARP_H
#define SKEP_NET_IF_ARP_H

#include <linux/if_arp.h>

#endif
