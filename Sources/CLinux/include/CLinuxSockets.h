/* SPDX-License-Identifier: Apache-2.0 */

/* Sockets of the kind AF_XDP (include/uapi/linux/if_xdp.h), and the socket calls they need. */
#ifndef SKEP_CLINUX_SOCKETS_H
#define SKEP_CLINUX_SOCKETS_H

#include <stdint.h>

#include "CLinuxSystemCalls.h"

struct skep_xdp_address {
    uint16_t family, flags;
    uint32_t interface_index, queue, memory_owner;
};

struct skep_xdp_memory {
    uint64_t address, length;
    uint32_t frame_size, headroom, flags, metadata_length;
};

struct skep_xdp_ring_offsets {
    uint64_t producer, consumer, descriptors, flags;
};

struct skep_xdp_offsets {
    struct skep_xdp_ring_offsets receive, transmit, fill, completion;
};

struct skep_xdp_statistics {
    uint64_t dropped, invalid_receive, invalid_transmit, ring_full, fill_empty, transmit_empty;
};

struct skep_xdp_descriptor {
    uint64_t address;
    uint32_t length, options;
};

/* struct rtmsg of include/uapi/linux/rtnetlink.h */
struct skep_route_message {
    uint8_t family, destination_length, source_length, service, table, protocol, scope, type;
    uint32_t flags;
};

/* struct tc_act_bpf of include/uapi/linux/tc_act/tc_bpf.h */
struct skep_traffic_action {
    uint32_t index, capabilities;
    int32_t action, references, bindings;
};

static inline long skep_get_socket_option(int descriptor, int level, int option, void *value, uint32_t *length) {
    return skep_result(syscall(SYS_getsockopt, descriptor, level, option, value, length));
}

/* Sends and receives nothing: tells the kernel to look at the rings. MSG_DONTWAIT is 0x40. */
static inline long skep_kick_send(int descriptor) {
    return skep_result(syscall(SYS_sendto, descriptor, (void *)0, 0UL, 0x40, (void *)0, 0));
}

static inline long skep_kick_receive(int descriptor) {
    return skep_result(syscall(SYS_recvfrom, descriptor, (void *)0, 0UL, 0x40, (void *)0, (void *)0));
}

#endif
