/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_LINUX_STRING_H
#define SKEP_LINUX_STRING_H

#include <string.h>

#endif
