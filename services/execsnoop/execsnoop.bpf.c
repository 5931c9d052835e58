// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Shows every program that is started, with its arguments and its parent. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Show only programs of this user; -1 for all. */
const volatile int uid = -1;

/* Show only programs that this process started; 0 for all. */
const volatile pid_t parent = 0;

/* Events that found the buffer full. */
__u64 lost;

#define ARGUMENTS_SIZE 256

struct exec_event {
    pid_t pid;
    pid_t ppid;
    uid_t uid;
    char comm[16];
    char path[128];
    char args[ARGUMENTS_SIZE];
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 256 * 1024);
} events SEC(".maps");

/* The arguments lie one after the other at the top of the new program's stack, each with a zero at its end. */
static __always_inline void read_arguments(struct exec_event *event, struct task_struct *task)
{
    __u64 start = task->mm->arg_start;
    __u64 size = task->mm->arg_end - start;

    if (size > ARGUMENTS_SIZE)
        size = ARGUMENTS_SIZE;
    event->args[0] = 0;
    if (size == 0 || bpf_probe_read_user(event->args, size, (const void *)start))
        return;
    for (int i = 0; i < ARGUMENTS_SIZE; i++) {
        if (i + 1 >= size) {
            event->args[i] = 0;
            break;
        }
        if (event->args[i] == 0)
            event->args[i] = ' ';
    }
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *program)
{
    uid_t user = bpf_get_current_uid_gid();
    pid_t started_by = task->real_parent->tgid;
    struct exec_event *event;

    if (uid != -1 && uid != (int)user)
        return 0;
    if (parent && parent != started_by)
        return 0;
    event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    if (!event) {
        __sync_fetch_and_add(&lost, 1);
        return 0;
    }
    event->pid = task->tgid;
    event->ppid = started_by;
    event->uid = user;
    bpf_get_current_comm(event->comm, sizeof(event->comm));
    if (bpf_probe_read_kernel_str(event->path, sizeof(event->path), program->filename) < 0)
        event->path[0] = 0;
    read_arguments(event, task);
    bpf_ringbuf_submit(event, 0);
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
