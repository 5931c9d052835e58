/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/socket.h>. */
#ifndef SKEP_LINUX_SOCKET_H
#define SKEP_LINUX_SOCKET_H

#define _K_SS_MAXSIZE 128

#ifndef SKEP_VMLINUX_H
typedef unsigned short __kernel_sa_family_t;

struct __kernel_sockaddr_storage {
    union {
        struct {
            __kernel_sa_family_t ss_family;
            char __data[128 - sizeof (unsigned short)];
        };
        void *__align;
    };
};
#endif

#define SOCK_SNDBUF_LOCK 1
#define SOCK_RCVBUF_LOCK 2
#define SOCK_BUF_LOCK_MASK (SOCK_SNDBUF_LOCK | SOCK_RCVBUF_LOCK)
#define SOCK_TXREHASH_DEFAULT 255
#define SOCK_TXREHASH_DISABLED 0
#define SOCK_TXREHASH_ENABLED 1

#endif
