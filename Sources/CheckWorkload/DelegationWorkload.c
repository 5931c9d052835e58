/* SPDX-License-Identifier: Apache-2.0 */

#define _GNU_SOURCE
#include "CheckWorkload.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* Sends or takes one descriptor over a pair of sockets; a negative number is sent as none. */
static int pass(int channel, int *descriptor, int isSender)
{
    char byte = 0, space[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof(space)};
    struct cmsghdr *control;

    if (isSender) {
        control = CMSG_FIRSTHDR(&message);
        control->cmsg_level = SOL_SOCKET;
        control->cmsg_type = SCM_RIGHTS;
        control->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(control), descriptor, sizeof(int));
        return sendmsg(channel, &message, MSG_NOSIGNAL) == 1 ? 0 : -errno;
    }
    if (recvmsg(channel, &message, 0) != 1)
        return -ECHILD;
    control = CMSG_FIRSTHDR(&message);
    if (!control || control->cmsg_type != SCM_RIGHTS)
        return -EBADMSG;
    memcpy(descriptor, CMSG_DATA(control), sizeof(int));
    return 0;
}

static int put(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    int answer = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;

    if (file >= 0)
        close(file);
    return answer;
}

/* The child becomes root of its own namespace and runs the program; 120 and above say what went wrong before. */
static void child(const char *program, int channel, unsigned user, unsigned group)
{
    char map[64], number[16];
    char *arguments[] = {(char *)program, (char *)"delegated", number, NULL};
    int context, mount;

    if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
        _exit(121);
    snprintf(map, sizeof(map), "0 %u 1", user);
    if (put("/proc/self/uid_map", map))
        _exit(122);
    (void)put("/proc/self/setgroups", "deny");
    snprintf(map, sizeof(map), "0 %u 1", group);
    (void)put("/proc/self/gid_map", map);
    context = syscall(SYS_fsopen, "bpf", 0);
    if (context < 0)
        _exit(123);
    if (pass(channel, &context, 1) || pass(channel, &mount, 0))
        _exit(124);
    snprintf(number, sizeof(number), "%d", mount);
    execv(program, arguments);
    _exit(125);
}

long skep_workload_delegate(const char *program)
{
    static const char *const rights[] = {"delegate_cmds", "delegate_maps", "delegate_progs", "delegate_attachs"};
    struct timeval limit = {.tv_sec = 20};
    int channels[2], context = -1, mount = -1, status = 0;
    long answer;
    pid_t process;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channels))
        return -errno;
    setsockopt(channels[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(channels[1], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    process = fork();
    if (process < 0)
        return -errno;
    if (!process)
        child(program, channels[1], geteuid(), getegid());
    close(channels[1]);
    answer = pass(channels[0], &context, 0);
    for (int index = 0; !answer && index < 4; index++)
        /* FSCONFIG_SET_STRING */
        if (syscall(SYS_fsconfig, context, 1, rights[index], "any", 0))
            answer = -errno;
    /* FSCONFIG_CMD_CREATE */
    if (!answer && syscall(SYS_fsconfig, context, 6, NULL, NULL, 0))
        answer = -errno;
    if (!answer && (mount = syscall(SYS_fsmount, context, 0, 0)) < 0)
        answer = -errno;
    if (!answer)
        answer = pass(channels[0], &mount, 1);
    if (mount >= 0)
        close(mount);
    if (context >= 0)
        close(context);
    close(channels[0]);
    /* Without an answer on its channel the child ends by itself. */
    if (waitpid(process, &status, 0) < 0)
        return -errno;
    if (WIFEXITED(status) && WEXITSTATUS(status) > 120)
        return -ECHILD;
    if (answer)
        return answer;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}
