// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Counts packets at the places of the network stack that are not interfaces: routes, sockets, namespaces, netfilter. */
#include "check.bpf.h"

#define ETHERTYPE 0x88b5

__u64 hits, migrations;
__u32 wanted_socket;

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 4);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 4);
} group SEC(".maps");

#define COUNT(name, section, type, answer)                                                                             \
    SEC(section) int name(type *context)                                                                               \
    {                                                                                                                  \
        __sync_fetch_and_add(&hits, 1);                                                                                \
        return answer;                                                                                                 \
    }

COUNT(route_in, "lwt_in", struct __sk_buff, BPF_OK)
COUNT(route_out, "lwt_out", struct __sk_buff, BPF_OK)
COUNT(route_transmit, "lwt_xmit", struct __sk_buff, BPF_OK)
COUNT(segment, "lwt_seg6local", struct __sk_buff, BPF_OK)
COUNT(message, "sk_msg", struct sk_msg_md, SK_PASS)
COUNT(parser, "sk_skb/stream_parser", struct __sk_buff, (int)context->len)
COUNT(stream_verdict, "sk_skb/stream_verdict", struct __sk_buff, SK_PASS)
COUNT(verdict, "sk_skb/verdict", struct __sk_buff, SK_PASS)
COUNT(plain_verdict, "sk_skb", struct __sk_buff, SK_PASS)
COUNT(filtered, "netfilter", void, 1 /* NF_ACCEPT */)

/* Its own verdict, so that the parser alone is counted. */
SEC("sk_skb/stream_verdict")
int silent_verdict(struct __sk_buff *packet)
{
    return SK_PASS;
}

SEC("flow_dissector")
int dissect(struct __sk_buff *packet)
{
    if (packet->flow_keys->n_proto == bpf_htons(ETHERTYPE))
        __sync_fetch_and_add(&hits, 1);
    return BPF_OK;
}

SEC("sk_lookup")
int choose(struct bpf_sk_lookup *context)
{
    __u32 key = 0;
    struct bpf_sock *socket;

    if (context->local_port < 7001 || context->local_port > 7005)
        return SK_PASS;
    socket = bpf_map_lookup_elem(&sockets, &key);
    if (!socket)
        return SK_PASS;
    if (!bpf_sk_assign(context, socket, 0))
        __sync_fetch_and_add(&hits, 1);
    bpf_sk_release(socket);
    return SK_PASS;
}

SEC("sk_reuseport")
int select(struct sk_reuseport_md *context)
{
    __u32 key = wanted_socket;

    if (!bpf_sk_select_reuseport(context, &group, &key, 0))
        __sync_fetch_and_add(&hits, 1);
    return SK_PASS;
}

SEC("sk_reuseport/migrate")
int migrate(struct sk_reuseport_md *context)
{
    __u32 key = context->migrating_sk ? 1 : 0;

    if (bpf_sk_select_reuseport(context, &group, &key, 0))
        return SK_DROP;
    if (context->migrating_sk)
        __sync_fetch_and_add(&migrations, 1);
    return SK_PASS;
}

SEC("lirc_mode2")
int infrared(__u32 *sample)
{
    return 0;
}
