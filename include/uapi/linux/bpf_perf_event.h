/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_UAPI_LINUX_BPF_PERF_EVENT_H
#define SKEP_UAPI_LINUX_BPF_PERF_EVENT_H

#include <linux/bpf_perf_event.h>

#endif
