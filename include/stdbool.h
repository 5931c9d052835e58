/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* vmlinux.h has names of its own for these. */
#ifndef SKEP_STDBOOL_H
#define SKEP_STDBOOL_H

#ifndef SKEP_VMLINUX_H
#define bool _Bool
#define true 1
#define false 0
#endif
#define __bool_true_false_are_defined 1

#endif
