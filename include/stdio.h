/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Programs have no C library: this is for sources that include it all the same. */
#ifndef SKEP_STDIO_H
#define SKEP_STDIO_H

#include <stddef.h>

#endif
