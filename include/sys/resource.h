/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_RESOURCE_H
#define SKEP_SYS_RESOURCE_H

#include <linux/resource.h>

#endif
