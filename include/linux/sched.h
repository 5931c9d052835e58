/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/sched.h>. */
#ifndef SKEP_LINUX_SCHED_H
#define SKEP_LINUX_SCHED_H

#include <linux/types.h>

#define CSIGNAL 0x000000ff
#define CLONE_VM 0x00000100
#define CLONE_FS 0x00000200
#define CLONE_FILES 0x00000400
#define CLONE_SIGHAND 0x00000800
#define CLONE_PIDFD 0x00001000
#define CLONE_PTRACE 0x00002000
#define CLONE_VFORK 0x00004000
#define CLONE_PARENT 0x00008000
#define CLONE_THREAD 0x00010000
#define CLONE_NEWNS 0x00020000
#define CLONE_SYSVSEM 0x00040000
#define CLONE_SETTLS 0x00080000
#define CLONE_PARENT_SETTID 0x00100000
#define CLONE_CHILD_CLEARTID 0x00200000
#define CLONE_DETACHED 0x00400000
#define CLONE_UNTRACED 0x00800000
#define CLONE_CHILD_SETTID 0x01000000
#define CLONE_NEWCGROUP 0x02000000
#define CLONE_NEWUTS 0x04000000
#define CLONE_NEWIPC 0x08000000
#define CLONE_NEWUSER 0x10000000
#define CLONE_NEWPID 0x20000000
#define CLONE_NEWNET 0x40000000
#define CLONE_IO 0x80000000
#define CLONE_CLEAR_SIGHAND (1ULL << 32)
#define CLONE_INTO_CGROUP (1ULL << 33)
#define CLONE_AUTOREAP (1ULL << 34)
#define CLONE_NNP (1ULL << 35)
#define CLONE_PIDFD_AUTOKILL (1ULL << 36)
#define CLONE_EMPTY_MNTNS (1ULL << 37)
#define CLONE_NEWTIME 0x00000080
#define UNSHARE_EMPTY_MNTNS 0x00100000

#ifndef SKEP_VMLINUX_H
struct clone_args {
    __u64 __attribute__((aligned(8))) flags;
    __u64 __attribute__((aligned(8))) pidfd;
    __u64 __attribute__((aligned(8))) child_tid;
    __u64 __attribute__((aligned(8))) parent_tid;
    __u64 __attribute__((aligned(8))) exit_signal;
    __u64 __attribute__((aligned(8))) stack;
    __u64 __attribute__((aligned(8))) stack_size;
    __u64 __attribute__((aligned(8))) tls;
    __u64 __attribute__((aligned(8))) set_tid;
    __u64 __attribute__((aligned(8))) set_tid_size;
    __u64 __attribute__((aligned(8))) cgroup;
};
#endif

#define CLONE_ARGS_SIZE_VER0 64
#define CLONE_ARGS_SIZE_VER1 80
#define CLONE_ARGS_SIZE_VER2 88
#define SCHED_NORMAL 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_BATCH 3
#define SCHED_IDLE 5
#define SCHED_DEADLINE 6
#define SCHED_EXT 7
#define SCHED_RESET_ON_FORK 0x40000000
#define SCHED_FLAG_RESET_ON_FORK 0x01
#define SCHED_FLAG_RECLAIM 0x02
#define SCHED_FLAG_DL_OVERRUN 0x04
#define SCHED_FLAG_KEEP_POLICY 0x08
#define SCHED_FLAG_KEEP_PARAMS 0x10
#define SCHED_FLAG_UTIL_CLAMP_MIN 0x20
#define SCHED_FLAG_UTIL_CLAMP_MAX 0x40
#define SCHED_FLAG_KEEP_ALL (SCHED_FLAG_KEEP_POLICY | SCHED_FLAG_KEEP_PARAMS)
#define SCHED_FLAG_UTIL_CLAMP (SCHED_FLAG_UTIL_CLAMP_MIN | SCHED_FLAG_UTIL_CLAMP_MAX)
#define SCHED_FLAG_ALL (SCHED_FLAG_RESET_ON_FORK | SCHED_FLAG_RECLAIM | SCHED_FLAG_DL_OVERRUN | SCHED_FLAG_KEEP_ALL | SCHED_FLAG_UTIL_CLAMP)
#define SCHED_GETATTR_FLAG_DL_DYNAMIC 0x01

#endif
