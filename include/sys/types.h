/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_TYPES_H
#define SKEP_SYS_TYPES_H

#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

typedef unsigned char u_int8_t;
typedef unsigned short u_int16_t;
typedef unsigned int u_int32_t;
typedef unsigned long long u_int64_t;
#ifndef SKEP_VMLINUX_H
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef int pid_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned int mode_t;
typedef unsigned long ino_t;
typedef unsigned long dev_t;
typedef long off_t;
typedef long ssize_t;
typedef long time_t;
typedef int clockid_t;
#endif

#endif
