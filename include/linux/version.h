/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The newest kernel whose interface these headers describe; a running kernel may be older. */
#ifndef SKEP_LINUX_VERSION_H
#define SKEP_LINUX_VERSION_H

#define LINUX_VERSION_CODE 459264
#define LINUX_VERSION_MAJOR 7
#define LINUX_VERSION_PATCHLEVEL 2
#define LINUX_VERSION_SUBLEVEL 0
#ifndef KERNEL_VERSION
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#endif

#endif
