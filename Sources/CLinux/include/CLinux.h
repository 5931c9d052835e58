/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What Swift cannot say by itself: the members of the kernel's `union bpf_attr` as one struct per bpf(2) command,
 * UAPI structs newer than the headers of current distributions, and variadic or missing system calls. Everything is
 * `static inline`, so nothing but the C library's `syscall` is linked.
 */
#ifndef SKEP_CLINUX_H
#define SKEP_CLINUX_H

#include "CLinuxBPF.h"
#include "CLinuxPerfEvent.h"
#include "CLinuxNetlink.h"
#include "CLinuxSystemCalls.h"
#include "CLinuxAtomics.h"
#include "CLinuxGuest.h"
#include "CLinuxSockets.h"

#endif
