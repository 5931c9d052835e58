// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Shows every change of a TCP connection's state, and how long it was in the one before. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define AF_INET 2

/* Show only connections with this local port; 0 for all. */
const volatile __u16 local_port = 0;

/* Show only connections with this remote port; 0 for all. */
const volatile __u16 remote_port = 0;

/* Events that found the buffer full. */
__u64 lost;

struct tcp_event {
    /* Who was running: often not the connection's owner, since packets arrive at any time. */
    pid_t pid;
    char comm[16];
    __u16 family;
    __u16 sport;
    __u16 dport;
    __u8 saddr[16];
    __u8 daddr[16];
    int oldstate;
    int newstate;
    /* Time in the old state; 0 when it began before the service did. */
    __u64 duration_ns;
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 16384);
    __type(key, __u64);
    __type(value, __u64);
} since SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 256 * 1024);
} events SEC(".maps");

SEC("tracepoint/sock/inet_sock_set_state")
int set_state(struct trace_event_raw_inet_sock_set_state *context)
{
    __u64 socket = (__u64)context->skaddr;
    __u64 now = bpf_ktime_get_ns();
    __u64 *before;
    struct tcp_event *event;

    if (context->protocol != IPPROTO_TCP)
        return 0;
    if (local_port && local_port != context->sport)
        return 0;
    if (remote_port && remote_port != context->dport)
        return 0;
    before = bpf_map_lookup_elem(&since, &socket);
    event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    if (event) {
        event->pid = bpf_get_current_pid_tgid() >> 32;
        bpf_get_current_comm(event->comm, sizeof(event->comm));
        event->family = context->family;
        event->sport = context->sport;
        event->dport = context->dport;
        __builtin_memset(event->saddr, 0, sizeof(event->saddr));
        __builtin_memset(event->daddr, 0, sizeof(event->daddr));
        if (context->family == AF_INET) {
            bpf_probe_read_kernel(event->saddr, 4, context->saddr);
            bpf_probe_read_kernel(event->daddr, 4, context->daddr);
        } else {
            bpf_probe_read_kernel(event->saddr, 16, context->saddr_v6);
            bpf_probe_read_kernel(event->daddr, 16, context->daddr_v6);
        }
        event->oldstate = context->oldstate;
        event->newstate = context->newstate;
        event->duration_ns = before ? now - *before : 0;
        bpf_ringbuf_submit(event, 0);
    } else {
        __sync_fetch_and_add(&lost, 1);
    }
    if (context->newstate == BPF_TCP_CLOSE)
        bpf_map_delete_elem(&since, &socket);
    else
        bpf_map_update_elem(&since, &socket, &now, BPF_ANY);
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
