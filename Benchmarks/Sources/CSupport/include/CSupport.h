/* SPDX-License-Identifier: Apache-2.0 */

/* What the Swift module of the C library leaves out. */
#ifndef SKEP_CSUPPORT_H
#define SKEP_CSUPPORT_H

#include <stddef.h>

/* The bytes that the allocator has given out. */
long heap_bytes(void);

/* Opens a pseudo-terminal and writes the name of its other end; answers the descriptor, or -1. */
int open_terminal(char *name, size_t size);

/* Waits until there is something to read, for so many nanoseconds at most. */
int wait_readable(int descriptor, long nanoseconds);

#endif
