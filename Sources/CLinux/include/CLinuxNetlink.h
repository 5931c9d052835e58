/* SPDX-License-Identifier: Apache-2.0 */

/* Fixed headers of rtnetlink messages: include/uapi/linux/{netlink,rtnetlink,if_link}.h. */
#ifndef SKEP_CLINUX_NETLINK_H
#define SKEP_CLINUX_NETLINK_H

#include <stdint.h>

struct skep_netlink_header {
    uint32_t length;
    uint16_t type, flags;
    uint32_t sequence, port;
};

struct skep_interface_message {
    uint8_t family, reserved;
    uint16_t type;
    int32_t index;
    uint32_t flags, change;
};

struct skep_traffic_message {
    uint8_t family, reserved1;
    uint16_t reserved2;
    int32_t interface_index;
    uint32_t handle, parent, info;
};

struct skep_netlink_address {
    uint16_t family, reserved;
    uint32_t port, groups;
};

struct skep_packet_address {
    uint16_t family, protocol;
    int32_t interface_index;
    uint16_t hardware_type;
    uint8_t packet_type, address_length, address[8];
};

#endif
