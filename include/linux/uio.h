/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/uio.h>. */
#ifndef SKEP_LINUX_UIO_H
#define SKEP_LINUX_UIO_H

#include <linux/types.h>

#ifndef SKEP_VMLINUX_H
struct iovec {
    void *iov_base;
    __kernel_size_t iov_len;
};

struct dmabuf_cmsg {
    __u64 frag_offset;
    __u32 frag_size;
    __u32 frag_token;
    __u32 dmabuf_id;
    __u32 flags;
};

struct dmabuf_token {
    __u32 token_start;
    __u32 token_count;
};
#endif

#define UIO_FASTIOV 8
#define UIO_MAXIOV 1024

#endif
