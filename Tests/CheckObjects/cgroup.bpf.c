// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Counts what the processes of a cgroup do, at each of a cgroup's hooks. Nothing is forbidden or changed. */
#include "check.bpf.h"

__u64 hits;

#define COUNT(name, section, type)                                                                                     \
    SEC(section) int name(type *context)                                                                               \
    {                                                                                                                  \
        __sync_fetch_and_add(&hits, 1);                                                                                \
        return 1;                                                                                                      \
    }

COUNT(sock_create, "cgroup/sock_create", struct bpf_sock)
COUNT(sock, "cgroup/sock", struct bpf_sock)
COUNT(sock_release, "cgroup/sock_release", struct bpf_sock)
COUNT(post_bind4, "cgroup/post_bind4", struct bpf_sock)
COUNT(post_bind6, "cgroup/post_bind6", struct bpf_sock)
COUNT(bind4, "cgroup/bind4", struct bpf_sock_addr)
COUNT(bind6, "cgroup/bind6", struct bpf_sock_addr)
COUNT(connect4, "cgroup/connect4", struct bpf_sock_addr)
COUNT(connect6, "cgroup/connect6", struct bpf_sock_addr)
COUNT(connect_unix, "cgroup/connect_unix", struct bpf_sock_addr)
COUNT(sendmsg4, "cgroup/sendmsg4", struct bpf_sock_addr)
COUNT(sendmsg6, "cgroup/sendmsg6", struct bpf_sock_addr)
COUNT(sendmsg_unix, "cgroup/sendmsg_unix", struct bpf_sock_addr)
COUNT(recvmsg4, "cgroup/recvmsg4", struct bpf_sock_addr)
COUNT(recvmsg6, "cgroup/recvmsg6", struct bpf_sock_addr)
COUNT(recvmsg_unix, "cgroup/recvmsg_unix", struct bpf_sock_addr)
COUNT(getpeername4, "cgroup/getpeername4", struct bpf_sock_addr)
COUNT(getpeername6, "cgroup/getpeername6", struct bpf_sock_addr)
COUNT(getpeername_unix, "cgroup/getpeername_unix", struct bpf_sock_addr)
COUNT(getsockname4, "cgroup/getsockname4", struct bpf_sock_addr)
COUNT(getsockname6, "cgroup/getsockname6", struct bpf_sock_addr)
COUNT(getsockname_unix, "cgroup/getsockname_unix", struct bpf_sock_addr)
COUNT(sysctl, "cgroup/sysctl", struct bpf_sysctl)
COUNT(getsockopt, "cgroup/getsockopt", struct bpf_sockopt)
COUNT(setsockopt, "cgroup/setsockopt", struct bpf_sockopt)

SEC("cgroup/dev")
int dev(struct bpf_cgroup_dev_ctx *context)
{
    if (context->major == 1 && context->minor == 3) /* /dev/null */
        __sync_fetch_and_add(&hits, 1);
    return 1;
}

SEC("cgroup_skb/ingress")
int ingress(struct __sk_buff *packet)
{
    __u8 protocol = 0;

    /* Datagrams over IPv4; connections that are refused come in different numbers of packets. */
    if (packet->protocol == bpf_htons(0x0800) && !bpf_skb_load_bytes(packet, 9, &protocol, 1) && protocol == 17)
        __sync_fetch_and_add(&hits, 1);
    return 1;
}

SEC("sockops")
int operations(struct bpf_sock_ops *context)
{
    if (context->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
        __sync_fetch_and_add(&hits, 1);
    return 1;
}
