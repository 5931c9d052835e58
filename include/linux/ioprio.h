/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/ioprio.h>. */
#ifndef SKEP_LINUX_IOPRIO_H
#define SKEP_LINUX_IOPRIO_H

#include <linux/stddef.h>
#include <linux/types.h>

#define IOPRIO_CLASS_SHIFT 13
#define IOPRIO_NR_CLASSES 8
#define IOPRIO_CLASS_MASK (IOPRIO_NR_CLASSES - 1)
#define IOPRIO_PRIO_MASK ((1UL << IOPRIO_CLASS_SHIFT) - 1)
#define IOPRIO_PRIO_CLASS(ioprio) (((ioprio) >> IOPRIO_CLASS_SHIFT) & IOPRIO_CLASS_MASK)
#define IOPRIO_PRIO_DATA(ioprio) ((ioprio) & IOPRIO_PRIO_MASK)

#ifndef SKEP_VMLINUX_H
enum {
    IOPRIO_CLASS_NONE = 0,
    IOPRIO_CLASS_RT = 1,
    IOPRIO_CLASS_BE = 2,
    IOPRIO_CLASS_IDLE = 3,
    IOPRIO_CLASS_INVALID = 7,
};
#endif

#define IOPRIO_LEVEL_NR_BITS 3
#define IOPRIO_NR_LEVELS (1 << IOPRIO_LEVEL_NR_BITS)
#define IOPRIO_LEVEL_MASK (IOPRIO_NR_LEVELS - 1)
#define IOPRIO_PRIO_LEVEL(ioprio) ((ioprio) & IOPRIO_LEVEL_MASK)
#define IOPRIO_BE_NR IOPRIO_NR_LEVELS

#ifndef SKEP_VMLINUX_H
enum {
    IOPRIO_WHO_PROCESS = 1,
    IOPRIO_WHO_PGRP,
    IOPRIO_WHO_USER,
};
#endif

#define IOPRIO_NORM 4
#define IOPRIO_BE_NORM IOPRIO_NORM
#define IOPRIO_HINT_SHIFT IOPRIO_LEVEL_NR_BITS
#define IOPRIO_HINT_NR_BITS 10
#define IOPRIO_NR_HINTS (1 << IOPRIO_HINT_NR_BITS)
#define IOPRIO_HINT_MASK (IOPRIO_NR_HINTS - 1)
#define IOPRIO_PRIO_HINT(ioprio) (((ioprio) >> IOPRIO_HINT_SHIFT) & IOPRIO_HINT_MASK)

#ifndef SKEP_VMLINUX_H
enum {
    IOPRIO_HINT_NONE = 0,
    IOPRIO_HINT_DEV_DURATION_LIMIT_1 = 1,
    IOPRIO_HINT_DEV_DURATION_LIMIT_2 = 2,
    IOPRIO_HINT_DEV_DURATION_LIMIT_3 = 3,
    IOPRIO_HINT_DEV_DURATION_LIMIT_4 = 4,
    IOPRIO_HINT_DEV_DURATION_LIMIT_5 = 5,
    IOPRIO_HINT_DEV_DURATION_LIMIT_6 = 6,
    IOPRIO_HINT_DEV_DURATION_LIMIT_7 = 7,
};
#endif

#define IOPRIO_BAD_VALUE(val,max) ((val) < 0 || (val) >= (max))
#define IOPRIO_PRIO_VALUE(prioclass,priolevel) ioprio_value(prioclass, priolevel, IOPRIO_HINT_NONE)
#define IOPRIO_PRIO_VALUE_HINT(prioclass,priolevel,priohint) ioprio_value(prioclass, priolevel, priohint)

#endif
