/* SPDX-License-Identifier: Apache-2.0 */

/* What the first process of a guest needs and no C library wraps. Each answers a negative error number on failure. */
#ifndef SKEP_CLINUX_GUEST_H
#define SKEP_CLINUX_GUEST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

extern long syscall(long number, ...);

/* Loads the kernel module in an open file; the parameters are empty. */
static inline long skep_load_module(int descriptor) {
    long result = syscall(SYS_finit_module, descriptor, "", 0);
    return result < 0 ? -(long)errno : result;
}

/* Makes a descriptor's number stand for what another stands for. */
static inline long skep_duplicate_to(int descriptor, int number) {
    long result = syscall(SYS_dup3, descriptor, number, 0);
    return result < 0 ? -(long)errno : result;
}

/* Waits for a signal. */
static inline void skep_pause(void) { (void)syscall(SYS_rt_sigsuspend, &(uint64_t){0}, 8UL); }

/* Powers the machine off (LINUX_REBOOT_CMD_POWER_OFF); returns only when that is not permitted. */
static inline long skep_power_off(void) {
    long result = syscall(SYS_reboot, 0xfee1dead, 672274793, 0x4321fedc, (void *)0);
    return result < 0 ? -(long)errno : result;
}

/* Makes a file that lives in memory as long as a descriptor of it is open. */
static inline long skep_memory_file(const char *name, unsigned flags) {
    long result = syscall(SYS_memfd_create, name, flags);
    return result < 0 ? -(long)errno : result;
}

#endif
