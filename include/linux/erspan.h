/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/erspan.h>. */
#ifndef SKEP_LINUX_ERSPAN_H
#define SKEP_LINUX_ERSPAN_H

#include <linux/types.h>
#include <asm/byteorder.h>

#ifndef SKEP_VMLINUX_H
struct erspan_md2 {
    __be32 timestamp;
    __be16 sgt;
    __u8 hwid_upper : 2, ft : 5, p : 1;
    __u8 o : 1, gra : 2, dir : 1, hwid : 4;
};

struct erspan_metadata {
    int version;
    union {
        __be32 index;
        struct erspan_md2 md2;
    } u;
};
#endif

#endif
