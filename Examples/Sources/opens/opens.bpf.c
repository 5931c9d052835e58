// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
// Tells which files one process opens.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* The arguments of the tracepoint: /sys/kernel/tracing/events/syscalls/sys_enter_openat/format */
struct call {
	__u64 header;
	__s64 number;
	__u64 arguments[6];
};

struct event {
	__u32 pid;
	__u32 flags;
	__u64 time;
	char path[64];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1024);
} by_thread SEC(".maps");

/* Set before the object is loaded. */
const volatile __u32 target_pid;

/* Read, and could be changed, while the program runs. */
__u64 seen;

SEC("tracepoint/syscalls/sys_enter_openat")
int opened(struct call *call)
{
	__u64 id = bpf_get_current_pid_tgid(), one = 1, *count;
	__u32 thread = id;
	struct event *event;

	if (id >> 32 != target_pid)
		return 0;
	__sync_fetch_and_add(&seen, 1);
	count = bpf_map_lookup_elem(&by_thread, &thread);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&by_thread, &thread, &one, BPF_ANY);
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->pid = id >> 32;
	event->flags = call->arguments[2];
	event->time = bpf_ktime_get_ns();
	bpf_probe_read_user_str(event->path, sizeof(event->path), (void *) call->arguments[1]);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
