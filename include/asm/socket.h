/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <asm/socket.h>. */
#ifndef SKEP_ASM_SOCKET_H
#define SKEP_ASM_SOCKET_H

#include <asm-generic/socket.h>

#endif
