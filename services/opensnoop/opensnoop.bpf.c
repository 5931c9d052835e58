// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Shows every file that is opened, by whom, and what came of it. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* Show only opens of this process; 0 for all. */
const volatile pid_t pid = 0;

/* Show only opens of this user; -1 for all. */
const volatile int uid = -1;

/* Show only opens that failed. */
const volatile bool failed_only = false;

/* Events that found the buffer full. */
__u64 lost;

struct open_event {
    pid_t pid;
    pid_t tid;
    uid_t uid;
    int ret;
    int flags;
    char comm[16];
    char path[256];
};

/* What a thread asked for, until the kernel has answered. */
struct open_request {
    const char *path;
    int flags;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 10240);
    __type(key, __u32);
    __type(value, struct open_request);
} requests SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 256 * 1024);
} events SEC(".maps");

/* The kernel's promise to user space, so these need no relocation: /sys/kernel/tracing/events/syscalls/.../format. */
struct syscall_enter {
    __u64 common;
    __u64 number;
    __u64 arguments[6];
};

struct syscall_exit {
    __u64 common;
    __u64 number;
    __s64 result;
};

static __always_inline int begin(const char *path, int flags)
{
    __u64 id = bpf_get_current_pid_tgid();
    __u32 thread = id;
    struct open_request request = {.path = path, .flags = flags};

    if (pid && pid != (pid_t)(id >> 32))
        return 0;
    if (uid != -1 && uid != (int)bpf_get_current_uid_gid())
        return 0;
    bpf_map_update_elem(&requests, &thread, &request, BPF_ANY);
    return 0;
}

static __always_inline int end(struct syscall_exit *context)
{
    __u64 id = bpf_get_current_pid_tgid();
    __u32 thread = id;
    struct open_request *request = bpf_map_lookup_elem(&requests, &thread);
    struct open_event *event;

    if (!request)
        return 0;
    if (failed_only && context->result >= 0)
        goto done;
    event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    if (!event) {
        __sync_fetch_and_add(&lost, 1);
        goto done;
    }
    event->pid = id >> 32;
    event->tid = thread;
    event->uid = bpf_get_current_uid_gid();
    event->ret = context->result;
    event->flags = request->flags;
    bpf_get_current_comm(event->comm, sizeof(event->comm));
    /* Only now: the kernel has read the path itself, so its page is in memory. */
    if (bpf_probe_read_user_str(event->path, sizeof(event->path), request->path) < 0)
        event->path[0] = 0;
    bpf_ringbuf_submit(event, 0);
done:
    bpf_map_delete_elem(&requests, &thread);
    return 0;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int enter_openat(struct syscall_enter *context)
{
    return begin((const char *)context->arguments[1], context->arguments[2]);
}

SEC("tracepoint/syscalls/sys_exit_openat")
int exit_openat(struct syscall_exit *context)
{
    return end(context);
}

SEC("tracepoint/syscalls/sys_enter_openat2")
int enter_openat2(struct syscall_enter *context)
{
    __u64 flags = 0; /* the first field of struct open_how */

    bpf_probe_read_user(&flags, sizeof(flags), (const void *)context->arguments[2]);
    return begin((const char *)context->arguments[1], flags);
}

SEC("tracepoint/syscalls/sys_exit_openat2")
int exit_openat2(struct syscall_exit *context)
{
    return end(context);
}

/* Newer architectures have no open(2). */
#ifdef __TARGET_ARCH_x86
SEC("tracepoint/syscalls/sys_enter_open")
int enter_open(struct syscall_enter *context)
{
    return begin((const char *)context->arguments[0], context->arguments[1]);
}

SEC("tracepoint/syscalls/sys_exit_open")
int exit_open(struct syscall_exit *context)
{
    return end(context);
}
#endif

char LICENSE[] SEC("license") = "Dual BSD/GPL";
