/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/sysinfo.h>. */
#ifndef SKEP_LINUX_SYSINFO_H
#define SKEP_LINUX_SYSINFO_H

#include <linux/types.h>

#define SI_LOAD_SHIFT 16

#ifndef SKEP_VMLINUX_H
struct sysinfo {
    __kernel_long_t uptime;
    __kernel_ulong_t loads[3];
    __kernel_ulong_t totalram;
    __kernel_ulong_t freeram;
    __kernel_ulong_t sharedram;
    __kernel_ulong_t bufferram;
    __kernel_ulong_t totalswap;
    __kernel_ulong_t freeswap;
    __u16 procs;
    __u16 pad;
    __kernel_ulong_t totalhigh;
    __kernel_ulong_t freehigh;
    __u32 mem_unit;
    char _f[20 - 2 *sizeof (__kernel_ulong_t) - sizeof (__u32)];
};
#endif

#endif
