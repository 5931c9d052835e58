/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_NET_IF_H
#define SKEP_NET_IF_H

#include <linux/if.h>

#endif
