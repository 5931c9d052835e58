/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_UAPI_LINUX_PKT_CLS_H
#define SKEP_UAPI_LINUX_PKT_CLS_H

#include <linux/pkt_cls.h>

#endif
