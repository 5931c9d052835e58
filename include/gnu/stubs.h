/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The system's C library asks for a file that only 32-bit machines have when the target is BPF: here it is. */
#ifndef SKEP_GNU_STUBS_H
#define SKEP_GNU_STUBS_H


#endif
