/* SPDX-License-Identifier: Apache-2.0 */

#define _GNU_SOURCE
#include "CheckWorkload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

struct address {
    union {
        struct sockaddr plain;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_un unix_domain;
    } value;
    socklen_t length;
};

static struct address make_address(int family, int port)
{
    struct address address = {.length = sizeof(struct sockaddr_in)};

    memset(&address.value, 0, sizeof(address.value));
    address.value.plain.sa_family = (sa_family_t)family;
    if (family == AF_INET) {
        address.value.v4.sin_port = htons((uint16_t)port);
        address.value.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    } else if (family == AF_INET6) {
        address.length = sizeof(struct sockaddr_in6);
        address.value.v6.sin6_port = htons((uint16_t)port);
        address.value.v6.sin6_addr = in6addr_loopback;
    } else {
        /* An abstract name, which needs no file. */
        int written = snprintf(address.value.unix_domain.sun_path + 1, 64, "skep-check-%d-%d", getpid(), port);
        address.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)written);
    }
    return address;
}

static int use_datagrams(int family, int number)
{
    struct address address = make_address(family, family == AF_UNIX ? number : 0), sender = make_address(AF_UNIX, -1 - number);
    struct address other;
    int value = 1;
    socklen_t size = sizeof(value);
    char byte;
    int a = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0), b = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int c = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (a < 0 || b < 0 || c < 0)
        return 10;
    if (bind(a, &address.value.plain, address.length) < 0)
        return 11;
    other.length = sizeof(other.value);
    if (getsockname(a, &other.value.plain, &other.length) < 0)
        return 12;
    if (connect(b, &other.value.plain, other.length) < 0)
        return 13;
    address = other;
    other.length = sizeof(other.value);
    if (getpeername(b, &other.value.plain, &other.length) < 0)
        return 14;
    if (setsockopt(a, SOL_SOCKET, SO_BROADCAST, &value, sizeof(value)) < 0)
        return 15;
    if (getsockopt(a, SOL_SOCKET, SO_TYPE, &value, &size) < 0)
        return 16;
    /* A receiver of unix datagrams is told of senders only when they have names. */
    if (family == AF_UNIX && bind(c, &sender.value.plain, sender.length) < 0)
        return 17;
    if (sendto(c, "x", 1, 0, &address.value.plain, address.length) != 1)
        return 18;
    other.length = sizeof(other.value);
    if (recvfrom(a, &byte, 1, 0, &other.value.plain, &other.length) != 1)
        return 19;
    close(a);
    close(b);
    close(c);
    return 0;
}

static int use_cgroup(const char *cgroup_processes, int count)
{
    int descriptor = open(cgroup_processes, O_WRONLY | O_CLOEXEC);
    char text[16];

    if (descriptor < 0 || write(descriptor, "0", 1) != 1)
        return 1;
    close(descriptor);
    for (int index = 0; index < count; index++) {
        struct address nobody = make_address(AF_INET, 9);
        int result = use_datagrams(AF_INET, index);

        if (result == 0)
            result = use_datagrams(AF_INET6, index);
        if (result == 0)
            result = use_datagrams(AF_UNIX, index);
        if (result != 0)
            return result;
        descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (descriptor < 0 || connect(descriptor, &nobody.value.plain, nobody.length) == 0)
            return 2;
        close(descriptor);
        descriptor = open("/proc/sys/net/ipv4/ip_forward", O_RDONLY | O_CLOEXEC);
        if (descriptor < 0 || read(descriptor, text, sizeof(text)) <= 0)
            return 3;
        close(descriptor);
        descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (descriptor < 0)
            return 4;
        close(descriptor);
    }
    return 0;
}

long skep_workload_use_cgroup(const char *cgroup_processes, int count)
{
    pid_t child = fork();
    int status = 0;

    if (child < 0)
        return -errno;
    if (child == 0)
        _exit(use_cgroup(cgroup_processes, count));
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    /* The number of the step that failed is more useful than an error number of the child. */
    return status == 0 ? 0 : -(1000 + WEXITSTATUS(status));
}

long skep_workload_bind_shared(int is_stream, int port)
{
    struct address address = make_address(AF_INET, port);
    int one = 1;
    int descriptor = socket(AF_INET, (is_stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);

    if (descriptor < 0)
        return -errno;
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) < 0
        || bind(descriptor, &address.value.plain, address.length) < 0 || (is_stream && listen(descriptor, 64) < 0)) {
        long result = -errno;
        close(descriptor);
        return result;
    }
    return descriptor;
}

long skep_workload_send_to(const char *text, int port, int count)
{
    int family = strchr(text, ':') ? AF_INET6 : AF_INET;
    struct address address = make_address(family, port);
    long result = 0;
    int descriptor;

    if (inet_pton(family, text,
                  family == AF_INET ? (void *)&address.value.v4.sin_addr : (void *)&address.value.v6.sin6_addr) != 1)
        return -EINVAL;
    descriptor = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return -errno;
    for (int index = 0; index < count && result == 0; index++)
        if (sendto(descriptor, "x", 1, 0, &address.value.plain, address.length) != 1)
            result = -errno;
    close(descriptor);
    return result;
}

long skep_workload_take_datagrams(int descriptor)
{
    char byte;
    long count = 0;

    while (recv(descriptor, &byte, 1, MSG_DONTWAIT) >= 0)
        count++;
    return count;
}

long skep_workload_open_connection(int port)
{
    struct address address = make_address(AF_INET, port);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (descriptor < 0)
        return -errno;
    if (connect(descriptor, &address.value.plain, address.length) < 0) {
        long result = -errno;
        close(descriptor);
        return result;
    }
    return descriptor;
}

long skep_workload_connect(int first_port, int count)
{
    long connected = 0;

    for (int index = 0; index < count; index++) {
        long descriptor = skep_workload_open_connection(first_port + index);

        if (descriptor < 0)
            continue;
        close((int)descriptor);
        connected++;
    }
    return connected;
}

long skep_workload_take_connections(int descriptor)
{
    struct pollfd wait = {.fd = descriptor, .events = POLLIN};
    long count = 0;

    while (poll(&wait, 1, 200) == 1) {
        int connection = accept4(descriptor, NULL, NULL, SOCK_CLOEXEC);

        if (connection < 0)
            break;
        close(connection);
        count++;
    }
    return count;
}

long skep_workload_connected_pair(int is_stream, int ends[2])
{
    struct address address = make_address(AF_INET, 0);
    int server = socket(AF_INET, (is_stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    int client = socket(AF_INET, (is_stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    socklen_t length = sizeof(address.value);

    if (server < 0 || client < 0 || bind(server, &address.value.plain, address.length) < 0
        || getsockname(server, &address.value.plain, &length) < 0 || (is_stream && listen(server, 1) < 0)
        || connect(client, &address.value.plain, length) < 0)
        return -errno;
    ends[0] = client;
    ends[1] = server;
    if (is_stream) {
        ends[1] = accept4(server, NULL, NULL, SOCK_CLOEXEC);
        if (ends[1] < 0)
            return -errno;
        close(server);
    } else {
        /* A datagram socket is taken into a map only when it is connected. */
        length = sizeof(address.value);
        if (getsockname(client, &address.value.plain, &length) < 0 || connect(server, &address.value.plain, length) < 0)
            return -errno;
    }
    return 0;
}

long skep_workload_send_messages(int descriptor, int count)
{
    for (int index = 0; index < count; index++) {
        if (send(descriptor, "message", 8, MSG_NOSIGNAL) != 8)
            return -errno;
        skep_workload_sleep(5);
    }
    return 0;
}

long skep_workload_take_bytes(int descriptor, int milliseconds)
{
    struct pollfd wait = {.fd = descriptor, .events = POLLIN};
    char buffer[4096];
    long count = 0;

    while (poll(&wait, 1, milliseconds) == 1) {
        ssize_t read = recv(descriptor, buffer, sizeof(buffer), MSG_DONTWAIT);

        if (read <= 0)
            break;
        count += read;
    }
    return count;
}

static long send_packets(uint32_t interface, const void *bytes, size_t size, int count)
{
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)interface, .sll_halen = 6};
    long result = 0;
    int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

    if (descriptor < 0)
        return -errno;
    for (int index = 0; index < count && result == 0; index++)
        if (sendto(descriptor, bytes, size, 0, (struct sockaddr *)&address, sizeof(address)) < 0)
            result = -errno;
    close(descriptor);
    return result;
}

long skep_workload_send_large_frames(uint32_t interface, int size, int count)
{
    static const unsigned char header[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x88, 0xb5};
    unsigned char *frame = calloc(1, size > 64 ? (size_t)size : 64);
    long result;

    if (!frame)
        return -ENOMEM;
    memcpy(frame, header, sizeof(header));
    result = send_packets(interface, frame, size > 64 ? (size_t)size : 64, count);
    free(frame);
    return result;
}

long skep_workload_send_segments(uint32_t interface, const uint8_t hardware_address[6], const char *destination, int count)
{
    /* Ethernet, IPv6, routing header of type 4 with two segments of which one is left. */
    struct {
        uint8_t to[6], from[6], type[2];
        uint8_t version[4], length[2], next, hops, source[16], target[16];
        uint8_t after, size, kind, left, last, flags, tag[2], segments[2][16];
    } packet = {
        .from = {2, 0, 0, 0, 0, 1}, .type = {0x86, 0xdd}, .version = {0x60}, .length = {0, 40}, .next = 43, .hops = 64,
        .after = 59, .size = 4, .kind = 4, .left = 1, .last = 1};

    memcpy(packet.to, hardware_address, 6);
    if (inet_pton(AF_INET6, "fc00:1::1", packet.source) != 1 || inet_pton(AF_INET6, destination, packet.target) != 1
        || inet_pton(AF_INET6, "fc00:2::1", packet.segments[0]) != 1)
        return -EINVAL;
    memcpy(packet.segments[1], packet.target, 16);
    return send_packets(interface, &packet, sizeof(packet), count);
}

void skep_workload_close(int descriptor)
{
    close(descriptor);
}
