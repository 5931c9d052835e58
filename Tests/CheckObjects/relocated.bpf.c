// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* A read that is right only with the kernel's types: here the field is at another place than in any kernel. */
#include "check.bpf.h"

struct task_struct {
    long elsewhere[3];
    int tgid;
} __attribute__((preserve_access_index));

__u64 process;

SEC("tracepoint/syscalls/sys_enter_getppid")
int read_process(void *context)
{
    struct task_struct *task;
    int number = -1;

    if (!is_target())
        return 0;
    task = (struct task_struct *)bpf_get_current_task();
    bpf_probe_read_kernel(&number, sizeof(number), &task->tgid);
    process = number;
    return 0;
}
