/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/net_namespace.h>. */
#ifndef SKEP_LINUX_NET_NAMESPACE_H
#define SKEP_LINUX_NET_NAMESPACE_H

#ifndef SKEP_VMLINUX_H
enum {
    NETNSA_NONE,
    NETNSA_NSID,
    NETNSA_PID,
    NETNSA_FD,
    NETNSA_TARGET_NSID,
    NETNSA_CURRENT_NSID,
    __NETNSA_MAX,
};
#endif

#define NETNSA_NSID_NOT_ASSIGNED -1
#define NETNSA_MAX (__NETNSA_MAX - 1)

#endif
