// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* A value for each task, counted by a program. Linux 5.11. */
#include "check.bpf.h"

struct {
    __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, __u64);
} counts SEC(".maps");

struct task_struct;

SEC("tp_btf/sys_enter")
int count(void *context)
{
    struct task_struct *task;
    __u64 *value;

    if (!is_target())
        return 0;
    task = bpf_get_current_task_btf();
    value = bpf_task_storage_get(&counts, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    /* getppid(2) alone. */
    if (value && ((__u64 *)context)[1] == 110)
        *value += 1;
    return 0;
}
