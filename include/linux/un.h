/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/un.h>. */
#ifndef SKEP_LINUX_UN_H
#define SKEP_LINUX_UN_H

#include <linux/socket.h>

#define UNIX_PATH_MAX 108

#ifndef SKEP_VMLINUX_H
struct sockaddr_un {
    __kernel_sa_family_t sun_family;
    char sun_path[108];
};
#endif

#define SIOCUNIXFILE (SIOCPROTOPRIVATE + 0)

#endif
