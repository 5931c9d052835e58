/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Programs have no C library: this is for sources that include it all the same. */
#ifndef SKEP_UNISTD_H
#define SKEP_UNISTD_H

#include <sys/types.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

#endif
