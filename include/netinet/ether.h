/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_NETINET_ETHER_H
#define SKEP_NETINET_ETHER_H

#include <linux/if_ether.h>

#endif
