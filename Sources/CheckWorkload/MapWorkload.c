/* SPDX-License-Identifier: Apache-2.0 */

#define _GNU_SOURCE
#include "MapWorkload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SO_COOKIE
#define SO_COOKIE 57
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

static struct sockaddr_in loopback(void)
{
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

long skep_workload_tcp_pair(int sockets[2])
{
    struct sockaddr_in address = loopback();
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    long result = 0;

    sockets[0] = sockets[1] = -1;
    if (listener < 0)
        return -errno;
    sockets[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (sockets[0] < 0 || bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 1) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) < 0 ||
        connect(sockets[0], (struct sockaddr *)&address, sizeof(address)) < 0 ||
        (sockets[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0)
        result = -errno;
    close(listener);
    if (result < 0 && sockets[0] >= 0)
        close(sockets[0]);
    return result;
}

long skep_workload_shared_udp(void)
{
    struct sockaddr_in address = loopback();
    int one = 1, descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (descriptor < 0)
        return -errno;
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) < 0 ||
        bind(descriptor, (struct sockaddr *)&address, sizeof(address)) < 0) {
        long result = -errno;
        close(descriptor);
        return result;
    }
    return descriptor;
}

uint64_t skep_workload_cookie(int socket)
{
    uint64_t cookie = 0;
    socklen_t size = sizeof(cookie);

    return getsockopt(socket, SOL_SOCKET, SO_COOKIE, &cookie, &size) < 0 ? 0 : cookie;
}

long skep_workload_process(int process)
{
    long result = syscall(SYS_pidfd_open, process, 0);

    return result < 0 ? -errno : result;
}

#define MAXIMUM_THREADS 16
static pthread_t waiting_threads[MAXIMUM_THREADS];
static int waiting_count;
static int waiting_pipe[2] = {-1, -1};

static void *wait_for_end(void *unused)
{
    char byte;

    (void)unused;
    while (read(waiting_pipe[0], &byte, 1) < 0 && errno == EINTR) {}
    return NULL;
}

long skep_workload_start_thread(void)
{
    int result;

    if (waiting_count == MAXIMUM_THREADS)
        return -EAGAIN;
    if (waiting_count == 0 && pipe(waiting_pipe) < 0)
        return -errno;
    result = pthread_create(&waiting_threads[waiting_count], NULL, wait_for_end, NULL);
    if (result)
        return -result;
    waiting_count++;
    return 0;
}

void skep_workload_end_threads(void)
{
    if (waiting_count == 0)
        return;
    close(waiting_pipe[1]);
    while (waiting_count > 0)
        pthread_join(waiting_threads[--waiting_count], NULL);
    close(waiting_pipe[0]);
}
