/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_NETPACKET_PACKET_H
#define SKEP_NETPACKET_PACKET_H

#include <linux/if_packet.h>

#endif
