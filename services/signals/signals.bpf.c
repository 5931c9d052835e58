// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Shows every signal: who sent it to whom, and whether it arrived. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* Show only signals that this process sends; 0 for all. */
const volatile pid_t pid = 0;

/* Show only signals that this thread gets; 0 for all. */
const volatile pid_t target = 0;

/* Show only this signal, by number; 0 for all. */
const volatile int signal = 0;

/* Show only signals that arrive, not those that are ignored or pending already. */
const volatile bool delivered_only = false;

/* Events that found the buffer full. */
__u64 lost;

/* What became of a signal: the kernel's TRACE_SIGNAL_ values. */
enum signal_outcome {
    delivered,
    ignored,
    already_pending,
    queue_full,
    information_lost,
};

struct signal_event {
    /* The sender; a signal that the kernel sends has the process that it interrupted. */
    pid_t pid;
    char comm[16];
    int sig;
    pid_t target_tid;
    char target_comm[16];
    /* How it was sent (si_code): 0 by kill(2), positive by the kernel. */
    int code;
    enum signal_outcome outcome;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 256 * 1024);
} events SEC(".maps");

SEC("tracepoint/signal/signal_generate")
int generate(struct trace_event_raw_signal_generate *context)
{
    pid_t sender = bpf_get_current_pid_tgid() >> 32;
    struct signal_event *event;

    if ((pid && pid != sender) || (target && target != context->pid) || (signal && signal != context->sig))
        return 0;
    if (delivered_only && context->result != delivered)
        return 0;
    event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    if (!event) {
        __sync_fetch_and_add(&lost, 1);
        return 0;
    }
    event->pid = sender;
    bpf_get_current_comm(event->comm, sizeof(event->comm));
    event->sig = context->sig;
    event->target_tid = context->pid;
    bpf_probe_read_kernel(event->target_comm, sizeof(event->target_comm), context->comm);
    event->code = context->code;
    event->outcome = context->result;
    bpf_ringbuf_submit(event, 0);
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
