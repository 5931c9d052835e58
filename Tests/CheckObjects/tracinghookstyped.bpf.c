// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Programs at kernel functions, tracepoints and security hooks that are found by their types. */
#include "tracinghooks.bpf.h"

struct file;
struct socket;

/* The process whose doings in modules are counted, since a thread of its own makes interfaces. */
const volatile __u32 process = 0;

SEC("fentry/" SYSTEM_CALL "getpgid")
int BPF_PROG(fentry_cookie) { return COUNT(bpf_get_attach_cookie(ctx)); }

SEC("fentry/veth:veth_newlink")
int BPF_PROG(fentry_module)
{
    if (bpf_get_current_pid_tgid() >> 32 == process)
        __sync_fetch_and_add(&hits, 1);
    return 0;
}

SEC("fentry.s/" SYSTEM_CALL "getpgid")
int BPF_PROG(fentry_sleepable) { return COUNT(1); }

SEC("fexit.s/" SYSTEM_CALL "getpgid")
int BPF_PROG(fexit_sleepable) { return COUNT(1); }

SEC("fmod_ret/security_file_open")
int BPF_PROG(modify_return, struct file *file, int result) { return COUNT(1); }

SEC("fmod_ret.s/" SYSTEM_CALL "getpgid")
int BPF_PROG(modify_return_sleepable) { return COUNT(1); }

/* The function that the kernel marks for programs that sleep; a test run calls it. */
SEC("fentry.s/bpf_fentry_test1")
int BPF_PROG(fentry_marked) { return COUNT(1); }

SEC("fexit.s/bpf_fentry_test1")
int BPF_PROG(fexit_marked) { return COUNT(1); }

SEC("fmod_ret.s/bpf_fentry_test1")
int BPF_PROG(modify_return_marked) { return COUNT(1); }

SEC("fsession.s/bpf_fentry_test1")
int BPF_PROG(session_marked) { return COUNT(1); }

SEC("fsession/" SYSTEM_CALL "getpgid")
int BPF_PROG(session) { return COUNT(1); }

SEC("fsession.s/" SYSTEM_CALL "getpgid")
int BPF_PROG(session_sleepable) { return COUNT(1); }

SEC("fentry.multi/" SYSTEM_CALL "getp?i*")
int BPF_PROG(fentry_multi) { return COUNT(1); }

SEC("fexit.multi/" SYSTEM_CALL "getp?i*")
int BPF_PROG(fexit_multi) { return COUNT(1); }

SEC("fsession.multi/" SYSTEM_CALL "getp?i*")
int BPF_PROG(session_multi) { return COUNT(1); }

SEC("fentry.multi.s/" SYSTEM_CALL "getp?i*")
int BPF_PROG(fentry_multi_sleepable) { return COUNT(1); }

SEC("fexit.multi.s/" SYSTEM_CALL "getp?i*")
int BPF_PROG(fexit_multi_sleepable) { return COUNT(1); }

SEC("fsession.multi.s/" SYSTEM_CALL "getp?i*")
int BPF_PROG(session_multi_sleepable) { return COUNT(1); }

SEC("tp_btf/sys_enter")
int BPF_PROG(typed_tracepoint_cookie, struct pt_regs *registers, long number)
{
    if (number == NUMBER_OF_GETPPID)
        COUNT(bpf_get_attach_cookie(ctx));
    return 0;
}

SEC("tp_btf.s/sys_enter")
int BPF_PROG(typed_tracepoint_sleepable, struct pt_regs *registers, long number)
{
    if (number == NUMBER_OF_GETPPID)
        COUNT(1);
    return 0;
}

SEC("lsm/file_open")
int BPF_PROG(file_open, struct file *file) { return COUNT(1); }

SEC("lsm.s/file_open")
int BPF_PROG(file_open_sleepable, struct file *file) { return COUNT(1); }

/* Counts the sockets that processes of the cgroup make; 1 lets them. */
SEC("lsm_cgroup/socket_post_create")
int BPF_PROG(socket_made, struct socket *socket, int family)
{
    __sync_fetch_and_add(&hits, 1);
    return 1;
}
