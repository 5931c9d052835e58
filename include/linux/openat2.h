/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/openat2.h>. */
#ifndef SKEP_LINUX_OPENAT2_H
#define SKEP_LINUX_OPENAT2_H

#include <linux/types.h>

#ifndef SKEP_VMLINUX_H
struct open_how {
    __u64 flags;
    __u64 mode;
    __u64 resolve;
};
#endif

#define OPENAT2_REGULAR ((__u64)1 << 32)
#define RESOLVE_NO_XDEV 0x01
#define RESOLVE_NO_MAGICLINKS 0x02
#define RESOLVE_NO_SYMLINKS 0x04
#define RESOLVE_BENEATH 0x08
#define RESOLVE_IN_ROOT 0x10
#define RESOLVE_CACHED 0x20

#endif
