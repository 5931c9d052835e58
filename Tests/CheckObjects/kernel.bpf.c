// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* What a program takes from the kernel it runs on: configuration, symbols, the layout of types. */
#include "check.bpf.h"
#include <bpf/bpf_core_read.h>

extern int LINUX_KERNEL_VERSION __kconfig;
extern int CONFIG_HZ __kconfig __weak;
extern const void bpf_prog_put __ksym __weak;
extern const void no_such_symbol_of_any_kernel __ksym __weak;

/* On purpose in another order, with a member that no kernel has. */
struct task_struct {
    int tgid;
    struct task_struct *group_leader;
    long no_such_member;
    int pid;
} __attribute__((preserve_access_index));

struct no_such_type_of_any_kernel {
    int member;
} __attribute__((preserve_access_index));

__u64 calls, version, hertz, symbol, missing_symbol;
__u64 process, thread, leader, has_member, has_type, size_of_task;

SEC("tracepoint/syscalls/sys_enter_getppid")
int look(void *context)
{
    struct task_struct *task;

    if (!is_target())
        return 0;
    calls++;
    version = LINUX_KERNEL_VERSION;
    hertz = CONFIG_HZ;
    symbol = (__u64)&bpf_prog_put;
    missing_symbol = (__u64)&no_such_symbol_of_any_kernel;
    task = (struct task_struct *)bpf_get_current_task();
    process = BPF_CORE_READ(task, tgid);
    thread = BPF_CORE_READ(task, pid);
    leader = BPF_CORE_READ(task, group_leader, pid);
    has_member = bpf_core_field_exists(task->no_such_member);
    if (has_member)
        has_member += BPF_CORE_READ(task, no_such_member);
    has_type = bpf_core_type_exists(struct no_such_type_of_any_kernel);
    size_of_task = bpf_core_type_size(struct task_struct);
    return 0;
}
