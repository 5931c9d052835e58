// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Values that belong to sockets, files and cgroups, made and counted by programs. */
#include "tracinghooks.bpf.h"

struct inode;
struct file {
    struct inode *f_inode;
} __attribute__((preserve_access_index));
struct cgroup;
struct css_set {
    struct cgroup *dfl_cgrp;
} __attribute__((preserve_access_index));
struct task_struct {
    struct css_set *cgroups;
} __attribute__((preserve_access_index));

#define STORAGE(kind, name)                   \
    struct {                                  \
        __uint(type, kind);                   \
        __uint(map_flags, BPF_F_NO_PREALLOC); \
        __type(key, int);                     \
        __type(value, __u64);                 \
    } name SEC(".maps")

STORAGE(BPF_MAP_TYPE_SK_STORAGE, of_sockets);
STORAGE(BPF_MAP_TYPE_INODE_STORAGE, of_files);
STORAGE(BPF_MAP_TYPE_CGRP_STORAGE, of_groups);

/* Every packet of a socket that goes out of an interface. */
SEC("tc/egress")
int count_packets(struct __sk_buff *packet)
{
    struct bpf_sock *socket = packet->sk;
    __u64 *value;

    if (!socket)
        return -1;
    socket = bpf_sk_fullsock(socket);
    if (!socket)
        return -1;
    value = bpf_sk_storage_get(&of_sockets, socket, 0, BPF_SK_STORAGE_GET_F_CREATE);
    if (value)
        __sync_fetch_and_add(value, 1);
    return -1;
}

SEC("lsm/file_open")
int BPF_PROG(count_openings, struct file *file)
{
    __u64 *value;

    if (!is_target())
        return 0;
    value = bpf_inode_storage_get(&of_files, file->f_inode, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    if (value)
        __sync_fetch_and_add(value, 1);
    return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(count_calls, struct pt_regs *registers, long number)
{
    struct task_struct *task;
    __u64 *value;

    if (!is_target() || number != NUMBER_OF_GETPPID)
        return 0;
    task = bpf_get_current_task_btf();
    value = bpf_cgrp_storage_get(&of_groups, task->cgroups->dfl_cgrp, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    if (value)
        __sync_fetch_and_add(value, 1);
    return 0;
}
