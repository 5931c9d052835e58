/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_NETINET_IN_H
#define SKEP_NETINET_IN_H

#include <sys/socket.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <asm/byteorder.h>

#ifndef htons
#define htons(x) __cpu_to_be16(x)
#define ntohs(x) __be16_to_cpu(x)
#define htonl(x) __cpu_to_be32(x)
#define ntohl(x) __be32_to_cpu(x)
#endif

typedef __u16 in_port_t;
typedef __u32 in_addr_t;

#define INET_ADDRSTRLEN 16
#define INET6_ADDRSTRLEN 46

#endif
