/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_UAPI_LINUX_PERF_EVENT_H
#define SKEP_UAPI_LINUX_PERF_EVENT_H

#include <linux/perf_event.h>

#endif
