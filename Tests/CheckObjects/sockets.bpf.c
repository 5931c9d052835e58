// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Maps of sockets. Values of 8 bytes let user space read the sockets' cookies back. */
#include "check.bpf.h"

#define SOCKETS(kind, name)           \
    struct {                          \
        __uint(type, kind);           \
        __uint(max_entries, 4);       \
        __type(key, __u32);           \
        __type(value, __u64);         \
    } name SEC(".maps")

SOCKETS(BPF_MAP_TYPE_SOCKMAP, by_index);
SOCKETS(BPF_MAP_TYPE_SOCKHASH, by_key);
SOCKETS(BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, group);

struct {
    __uint(type, BPF_MAP_TYPE_SK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, __u64);
} marks SEC(".maps");
