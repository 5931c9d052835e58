/* SPDX-License-Identifier: Apache-2.0 */

#define _GNU_SOURCE
#include "CheckWorkload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static long transfer(int sender, int receiver, int bytes)
{
    char buffer[4096];

    memset(buffer, 'x', sizeof(buffer));
    while (bytes > 0) {
        ssize_t sent = send(sender, buffer, bytes < 4096 ? bytes : 4096, MSG_NOSIGNAL);
        if (sent <= 0)
            return -errno;
        for (ssize_t left = sent; left > 0;) {
            ssize_t count = recv(receiver, buffer, left, 0);
            if (count <= 0)
                return count ? -errno : -EPIPE;
            left -= count;
        }
        bytes -= sent;
    }
    return 0;
}

long skep_workload_congestion(const char *name, int bytes)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    struct timeval limit = {.tv_sec = 10};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int sender = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int receiver = -1;
    long answer = 0;

    if (listener < 0 || sender < 0 || setsockopt(sender, IPPROTO_TCP, TCP_CONGESTION, name, strlen(name)) ||
        setsockopt(sender, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) ||
        bind(listener, (void *)&address, sizeof(address)) || listen(listener, 1) ||
        getsockname(listener, (void *)&address, &length) || connect(sender, (void *)&address, sizeof(address)))
        answer = -errno;
    if (!answer) {
        receiver = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (receiver < 0 || setsockopt(receiver, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
            answer = -errno;
    }
    if (!answer)
        answer = transfer(sender, receiver, bytes);
    /* The receiver closes first, so that the sender has nothing left to wait for. */
    if (receiver >= 0)
        close(receiver);
    if (sender >= 0)
        close(sender);
    if (listener >= 0)
        close(listener);
    return answer;
}
