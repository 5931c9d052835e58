/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_UAPI_LINUX_IF_VLAN_H
#define SKEP_UAPI_LINUX_IF_VLAN_H

#include <linux/if_vlan.h>

#endif
