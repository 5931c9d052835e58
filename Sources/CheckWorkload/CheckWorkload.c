/* SPDX-License-Identifier: Apache-2.0 */

#define _GNU_SOURCE
#include "CheckWorkload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void skep_workload_get_parent(int count)
{
    for (int index = 0; index < count; index++)
        (void)syscall(SYS_getppid);
}

void skep_workload_get_group(int count)
{
    for (int index = 0; index < count; index++)
        (void)syscall(SYS_getpgid, 0);
}

__attribute__((noinline)) int skep_workload_probed(int argument)
{
    __asm__ volatile("" : "+r"(argument));
    return argument + 1;
}

void skep_workload_call_probed(int count)
{
    for (int index = 1; index <= count; index++)
        (void)skep_workload_probed(index);
}

void skep_workload_spin(int milliseconds)
{
    struct timespec now;
    int64_t end;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    end = now.tv_sec * 1000000000LL + now.tv_nsec + milliseconds * 1000000LL;
    do {
        for (volatile int index = 0; index < 10000; index++) {}
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    } while (now.tv_sec * 1000000000LL + now.tv_nsec < end);
}

void skep_workload_sleep(int milliseconds)
{
    struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};

    while (nanosleep(&time, &time) < 0 && errno == EINTR) {}
}

long skep_workload_send_frames(uint32_t interface, int count)
{
    unsigned char frame[64] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x88, 0xb5};
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)interface, .sll_halen = 6};
    long result = 0;
    int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

    if (descriptor < 0)
        return -errno;
    for (int index = 0; index < count && result == 0; index++) {
        if (sendto(descriptor, frame, sizeof(frame), 0, (struct sockaddr *)&address, sizeof(address)) < 0)
            result = -errno;
    }
    close(descriptor);
    return result;
}

static int send_datagrams(const char *cgroup_processes, int count)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = open(cgroup_processes, O_WRONLY | O_CLOEXEC);

    if (descriptor < 0 || write(descriptor, "0", 1) != 1)
        return 1;
    /* A socket belongs to the cgroup that its maker was in. */
    descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return 2;
    for (int index = 0; index < count; index++) {
        /* Nobody listens: an earlier datagram's refusal is told by a later call, and the datagram is sent again. */
        int tries = 0;
        while (sendto(descriptor, "x", 1, 0, (struct sockaddr *)&address, sizeof(address)) != 1)
            if (errno != ECONNREFUSED || ++tries > 3)
                return 3;
    }
    return 0;
}

static long wait_for(pid_t child)
{
    int status = 0;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return status;
}

long skep_workload_send_datagrams(const char *cgroup_processes, int count)
{
    pid_t child = fork();
    long status;

    if (child < 0)
        return -errno;
    if (child == 0)
        _exit(send_datagrams(cgroup_processes, count));
    status = wait_for(child);
    return status > 0 ? -(long)EIO : status;
}

static void execute(const char *path)
{
    char *const none[] = {NULL};
    char *const arguments[] = {(char *)path, "nothing", NULL};
    pid_t process = fork();

    if (process == 0) {
        execve(path, arguments, none);
        _exit(127);
    }
    if (process > 0)
        (void)wait_for(process);
}

static void connect_to_nobody(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (descriptor < 0)
        return;
    (void)connect(descriptor, (struct sockaddr *)&address, sizeof(address));
    close(descriptor);
}

void skep_workload_everything(const char *program, uint32_t interface, int milliseconds)
{
    signal(SIGUSR1, SIG_IGN);
    for (int passed = 0; passed < milliseconds; passed += 100) {
        (void)open("/skep-check-missing", O_RDONLY | O_CLOEXEC);
        execute(program);
        (void)kill(getpid(), SIGUSR1);
        connect_to_nobody();
        if (interface)
            (void)skep_workload_send_frames(interface, 3);
        skep_workload_spin(30);
        skep_workload_sleep(70);
    }
}
