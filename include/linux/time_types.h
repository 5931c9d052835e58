/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/time_types.h>. */
#ifndef SKEP_LINUX_TIME_TYPES_H
#define SKEP_LINUX_TIME_TYPES_H

#include <linux/types.h>

#ifndef SKEP_VMLINUX_H
struct __kernel_timespec {
    __kernel_time64_t tv_sec;
    long long tv_nsec;
};

struct __kernel_itimerspec {
    struct __kernel_timespec it_interval;
    struct __kernel_timespec it_value;
};

struct __kernel_old_timeval {
    __kernel_long_t tv_sec;
    __kernel_long_t tv_usec;
};

struct __kernel_old_timespec {
    __kernel_old_time_t tv_sec;
    __kernel_long_t tv_nsec;
};

struct __kernel_old_itimerval {
    struct __kernel_old_timeval it_interval;
    struct __kernel_old_timeval it_value;
};

struct __kernel_sock_timeval {
    __s64 tv_sec;
    __s64 tv_usec;
};
#endif

#endif
