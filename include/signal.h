/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SIGNAL_H
#define SKEP_SIGNAL_H

#include <linux/signal.h>

#endif
