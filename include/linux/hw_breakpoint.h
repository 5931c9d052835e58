/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/hw_breakpoint.h>. */
#ifndef SKEP_LINUX_HW_BREAKPOINT_H
#define SKEP_LINUX_HW_BREAKPOINT_H

#ifndef SKEP_VMLINUX_H
enum {
    HW_BREAKPOINT_LEN_1 = 1,
    HW_BREAKPOINT_LEN_2 = 2,
    HW_BREAKPOINT_LEN_3 = 3,
    HW_BREAKPOINT_LEN_4 = 4,
    HW_BREAKPOINT_LEN_5 = 5,
    HW_BREAKPOINT_LEN_6 = 6,
    HW_BREAKPOINT_LEN_7 = 7,
    HW_BREAKPOINT_LEN_8 = 8,
};

enum {
    HW_BREAKPOINT_EMPTY = 0,
    HW_BREAKPOINT_R = 1,
    HW_BREAKPOINT_W = 2,
    HW_BREAKPOINT_RW = HW_BREAKPOINT_R | HW_BREAKPOINT_W,
    HW_BREAKPOINT_X = 4,
    HW_BREAKPOINT_INVALID = HW_BREAKPOINT_RW | HW_BREAKPOINT_X,
};
#endif

#endif
