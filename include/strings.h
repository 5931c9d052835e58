/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_STRINGS_H
#define SKEP_STRINGS_H

#include <string.h>

#endif
