/* SPDX-License-Identifier: Apache-2.0 */

#define _GNU_SOURCE
#include "CSupport.h"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

long heap_bytes(void)
{
    struct mallinfo2 heap = mallinfo2();

    return (long)(heap.uordblks + heap.hblkhd);
}

int open_terminal(char *name, size_t size)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (terminal < 0 || grantpt(terminal) || unlockpt(terminal) || ptsname_r(terminal, name, size))
        return -1;
    return terminal;
}

int wait_readable(int descriptor, long nanoseconds)
{
    struct pollfd item = {.fd = descriptor, .events = POLLIN};
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};

    return ppoll(&item, 1, &limit, NULL) > 0;
}
