/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's user-space interface: names, numbers and layouts of <linux/utsname.h>. */
#ifndef SKEP_LINUX_UTSNAME_H
#define SKEP_LINUX_UTSNAME_H

#define __OLD_UTS_LEN 8

#ifndef SKEP_VMLINUX_H
struct oldold_utsname {
    char sysname[9];
    char nodename[9];
    char release[9];
    char version[9];
    char machine[9];
};
#endif

#define __NEW_UTS_LEN 64

#ifndef SKEP_VMLINUX_H
struct old_utsname {
    char sysname[65];
    char nodename[65];
    char release[65];
    char version[65];
    char machine[65];
};

struct new_utsname {
    char sysname[64 + 1];
    char nodename[64 + 1];
    char release[64 + 1];
    char version[64 + 1];
    char machine[64 + 1];
    char domainname[64 + 1];
};
#endif

#endif
