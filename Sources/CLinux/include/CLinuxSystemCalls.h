/* SPDX-License-Identifier: Apache-2.0 */

/*
 * System calls that are variadic or have no wrapper in every C library. Each answers a negative error number instead
 * of setting `errno`, so that no code between the call and the reading of `errno` can change it.
 */
#ifndef SKEP_CLINUX_SYSTEM_CALLS_H
#define SKEP_CLINUX_SYSTEM_CALLS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "CLinuxBPF.h"
#include "CLinuxPerfEvent.h"

extern long syscall(long number, ...);

/* The same in every architecture's table since Linux 5.1, absent from older headers. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_fsopen
#define SYS_fsopen 430
#endif
#ifndef SYS_fsconfig
#define SYS_fsconfig 431
#endif
#ifndef SYS_fsmount
#define SYS_fsmount 432
#endif

static inline long skep_result(long result) { return result < 0 ? -(long)errno : result; }

static inline long skep_bpf(int command, void *attributes, unsigned size) {
    return skep_result(syscall(SYS_bpf, command, attributes, size));
}

static inline long skep_perf_event_open(struct skep_perf_event_attributes *attributes, int pid, int cpu, int group,
                                        unsigned long flags) {
    return skep_result(syscall(SYS_perf_event_open, attributes, pid, cpu, group, flags));
}

static inline long skep_ioctl(int descriptor, unsigned long request, unsigned long argument) {
    return skep_result(syscall(SYS_ioctl, descriptor, request, argument));
}

static inline long skep_fcntl(int descriptor, int command, long argument) {
    return skep_result(syscall(SYS_fcntl, descriptor, command, argument));
}

static inline long skep_open_at(int directory, const char *path, int flags, unsigned mode) {
    return skep_result(syscall(SYS_openat, directory, path, flags, mode));
}

static inline long skep_close(int descriptor) { return skep_result(syscall(SYS_close, descriptor)); }

static inline long skep_read(int descriptor, void *buffer, unsigned long count) {
    return skep_result(syscall(SYS_read, descriptor, buffer, count));
}

static inline long skep_write(int descriptor, const void *buffer, unsigned long count) {
    return skep_result(syscall(SYS_write, descriptor, buffer, count));
}

/*
 * Writes to a pipe whose reader may be gone: EPIPE instead of a SIGPIPE that would end this program. The signal is
 * blocked for this thread, and one that this write caused is taken away again.
 */
static inline long skep_write_without_signal(int descriptor, const void *buffer, unsigned long count) {
    uint64_t pipe_signal = 1UL << 12, previous = 0;
    if (skep_result(syscall(SYS_rt_sigprocmask, 0, &pipe_signal, &previous, 8UL)) < 0) return -(long)errno;
    long answer = skep_write(descriptor, buffer, count);
    if (answer == -EPIPE && !(previous & pipe_signal)) {
        int64_t none[2] = {0, 0};
        while (syscall(SYS_rt_sigtimedwait, &pipe_signal, (void *)0, none, 8UL) < 0 && errno == EINTR) {}
    }
    syscall(SYS_rt_sigprocmask, 2, &previous, (void *)0, 8UL);
    return answer;
}

static inline long skep_pipe(int ends[2], int flags) { return skep_result(syscall(SYS_pipe2, ends, flags)); }

/* A GNU function, hidden where the C library was imported without its extensions. */
extern int skep_spawn_set_directory(void *actions, const char *path) __asm__("posix_spawn_file_actions_addchdir_np");

static inline long skep_thread_number(void) { return syscall(SYS_gettid); }

/* An entry of the vector that the kernel gave this process at its start; 0 when it has none of that kind. */
static inline unsigned long skep_auxiliary_value(unsigned long kind) { return getauxval(kind); }

static inline long skep_pidfd_open(int pid, unsigned flags) {
    return skep_result(syscall(SYS_pidfd_open, pid, flags));
}

static inline long skep_pidfd_getfd(int process, int descriptor, unsigned flags) {
    return skep_result(syscall(SYS_pidfd_getfd, process, descriptor, flags));
}

static inline long skep_setns(int descriptor, int kind) { return skep_result(syscall(SYS_setns, descriptor, kind)); }

static inline long skep_unshare(int flags) { return skep_result(syscall(SYS_unshare, flags)); }

static inline long skep_fsopen(const char *type, unsigned flags) {
    return skep_result(syscall(SYS_fsopen, type, flags));
}

static inline long skep_fsconfig(int descriptor, unsigned command, const char *key, const void *value, int auxiliary) {
    return skep_result(syscall(SYS_fsconfig, descriptor, command, key, value, auxiliary));
}

static inline long skep_fsmount(int descriptor, unsigned flags, unsigned attributes) {
    return skep_result(syscall(SYS_fsmount, descriptor, flags, attributes));
}

static inline long skep_mount(const char *source, const char *target, const char *type, unsigned long flags,
                              const char *data) {
    return skep_result(syscall(SYS_mount, source, target, type, flags, data));
}

static inline long skep_umount(const char *target, int flags) {
    return skep_result(syscall(SYS_umount2, target, flags));
}

/* The magic number of the file system that a path is on. */
static inline long skep_file_system_type(const char *path) {
    struct statfs status;
    long answer = skep_result(statfs(path, &status));
    return answer < 0 ? answer : (long)((unsigned long)status.f_type & 0xffffffffUL);
}

static inline long skep_epoll_create(int flags) { return skep_result(syscall(SYS_epoll_create1, flags)); }

/* struct epoll_event is packed on x86-64 only. */
#ifdef __x86_64__
#define SKEP_EPOLL_PACKED __attribute__((packed))
#else
#define SKEP_EPOLL_PACKED
#endif
struct skep_epoll_event {
    uint32_t events;
    uint64_t data;
} SKEP_EPOLL_PACKED;

static inline long skep_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t data) {
    struct skep_epoll_event event = {events, data};
    return skep_result(syscall(SYS_epoll_ctl, epoll, operation, descriptor, &event));
}

static inline long skep_epoll_wait(int epoll, struct skep_epoll_event *events, int capacity, int milliseconds) {
    return skep_result(syscall(SYS_epoll_pwait, epoll, events, capacity, milliseconds, (void *)0, 8UL));
}

static inline uint32_t skep_epoll_event_events(const struct skep_epoll_event *event) { return event->events; }
static inline uint64_t skep_epoll_event_data(const struct skep_epoll_event *event) { return event->data; }

static inline long skep_eventfd(unsigned initial, int flags) {
    return skep_result(syscall(SYS_eventfd2, initial, flags));
}

static inline long skep_timerfd_create(int clock, int flags) {
    return skep_result(syscall(SYS_timerfd_create, clock, flags));
}

struct skep_timer_value {
    int64_t interval_seconds, interval_nanoseconds, seconds, nanoseconds;
};

static inline long skep_timerfd_set(int descriptor, int flags, const struct skep_timer_value *value) {
    return skep_result(syscall(SYS_timerfd_settime, descriptor, flags, value, (void *)0));
}

/* The kernel's signal set has 64 bits: bit N-1 is signal N. */
static inline long skep_signalfd(int descriptor, uint64_t signals, int flags) {
    return skep_result(syscall(SYS_signalfd4, descriptor, &signals, 8UL, flags));
}

static inline long skep_signal_mask(int how, uint64_t signals, uint64_t *previous) {
    return skep_result(syscall(SYS_rt_sigprocmask, how, &signals, previous, 8UL));
}


/* mmap: an address, or a negative error number. */
static inline long skep_map_memory(unsigned long address, unsigned long length, int protection, int flags,
                                   int descriptor, unsigned long offset) {
    return skep_result(syscall(SYS_mmap, address, length, protection, flags, descriptor, offset));
}

static inline long skep_unmap_memory(void *address, unsigned long length) {
    return skep_result(syscall(SYS_munmap, address, length));
}

static inline long skep_socket(int domain, int type, int protocol) {
    return skep_result(syscall(SYS_socket, domain, type, protocol));
}

static inline long skep_bind(int descriptor, const void *address, unsigned length) {
    return skep_result(syscall(SYS_bind, descriptor, address, length));
}

static inline long skep_set_socket_option(int descriptor, int level, int option, const void *value, unsigned length) {
    return skep_result(syscall(SYS_setsockopt, descriptor, level, option, value, length));
}

struct skep_poll {
    int descriptor;
    int16_t events, results;
};

/* Waits for at most `milliseconds`, for ever when negative. */
static inline long skep_poll_descriptors(struct skep_poll *list, unsigned count, int milliseconds) {
    struct {
        int64_t seconds, nanoseconds;
    } time = {milliseconds / 1000, (int64_t)(milliseconds % 1000) * 1000000};
    return skep_result(syscall(SYS_ppoll, list, count, milliseconds < 0 ? (void *)0 : &time, (void *)0, 8UL));
}

struct skep_resource_limit {
    uint64_t current, maximum;
};

static inline long skep_resource_limit(int pid, int resource, const struct skep_resource_limit *replacement,
                                       struct skep_resource_limit *previous) {
    return skep_result(syscall(SYS_prlimit64, pid, resource, replacement, previous));
}

#endif
