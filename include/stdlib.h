/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Programs have no C library: this is for sources that include it all the same. */
#ifndef SKEP_STDLIB_H
#define SKEP_STDLIB_H

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

#endif
