// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Shows every process that ends: how, and after how long. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Show only the end of this process; 0 for all. */
const volatile pid_t pid = 0;

/* Show only processes that ended with a status other than 0, or by a signal. */
const volatile bool failed_only = false;

/* Show the end of every thread, not only of whole processes. */
const volatile bool threads = false;

/* Events that found the buffer full. */
__u64 lost;

struct exit_event {
    pid_t pid;
    pid_t tid;
    pid_t ppid;
    uid_t uid;
    char comm[16];
    __u64 lifetime_ns;
    __u32 status;
    /* The signal that ended it, 0 when it ended by itself. */
    __u32 signal;
    bool core_dumped;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 256 * 1024);
} events SEC(".maps");

SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exit, struct task_struct *task)
{
    struct exit_event *event;
    int code = task->exit_code;

    /* The count of live threads has already gone down: it is 0 for the last one, whichever that is. */
    if (!threads && task->signal->live.counter != 0)
        return 0;
    if (pid && pid != task->tgid)
        return 0;
    if (failed_only && code == 0)
        return 0;
    event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    if (!event) {
        __sync_fetch_and_add(&lost, 1);
        return 0;
    }
    event->pid = task->tgid;
    event->tid = task->pid;
    event->ppid = task->real_parent->tgid;
    event->uid = bpf_get_current_uid_gid();
    bpf_get_current_comm(event->comm, sizeof(event->comm));
    event->lifetime_ns = bpf_ktime_get_ns() - (threads ? task->start_time : task->group_leader->start_time);
    event->status = code >> 8 & 0xff;
    event->signal = code & 0x7f;
    event->core_dumped = code & 0x80;
    bpf_ringbuf_submit(event, 0);
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
