/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/virtio_types.h>. */
#ifndef SKEP_LINUX_VIRTIO_TYPES_H
#define SKEP_LINUX_VIRTIO_TYPES_H

#include <linux/types.h>

#ifndef SKEP_VMLINUX_H
typedef __u16 __virtio16;
typedef __u32 __virtio32;
typedef __u64 __virtio64;
#endif

#endif
