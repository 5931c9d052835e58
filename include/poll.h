/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_POLL_H
#define SKEP_POLL_H

#include <linux/poll.h>

#endif
