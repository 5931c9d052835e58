/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <asm-generic/signal.h>. */
#ifndef SKEP_ASM_GENERIC_SIGNAL_H
#define SKEP_ASM_GENERIC_SIGNAL_H

#include <linux/types.h>
#include <asm-generic/signal-defs.h>

#define _NSIG 64
#define _NSIG_BPW __BITS_PER_LONG
#define _NSIG_WORDS (_NSIG / _NSIG_BPW)
#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGIOT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGSTKFLT 16
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGIO 29
#define SIGPOLL SIGIO
#define SIGPWR 30
#define SIGSYS 31
#define SIGUNUSED 31
#define SIGRTMIN 32
#define SIGRTMAX _NSIG
#define MINSIGSTKSZ 2048
#define SIGSTKSZ 8192

#ifndef SKEP_VMLINUX_H
typedef struct {
    unsigned long sig[(64 / 32)];
} sigset_t;
typedef unsigned long old_sigset_t;

struct sigaction {
    __sighandler_t sa_handler;
    unsigned long sa_flags;
    sigset_t sa_mask;
};

typedef struct sigaltstack {
    void *ss_sp;
    int ss_flags;
    __kernel_size_t ss_size;
} stack_t;
#endif

#endif
