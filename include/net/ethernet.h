/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_NET_ETHERNET_H
#define SKEP_NET_ETHERNET_H

#include <linux/if_ether.h>

#ifndef SKEP_VMLINUX_H
struct ether_header {
    __u8 ether_dhost[ETH_ALEN];
    __u8 ether_shost[ETH_ALEN];
    __u16 ether_type;
} __attribute__((packed));
#endif

#define ETHERTYPE_IP ETH_P_IP
#define ETHERTYPE_IPV6 ETH_P_IPV6
#define ETHERTYPE_ARP ETH_P_ARP
#define ETHERTYPE_VLAN ETH_P_8021Q

#endif
