/* SPDX-License-Identifier: Apache-2.0 */

/* Objects of the kernel that checks put into maps. Each answers a negative error number on failure. */
#ifndef SKEP_MAP_WORKLOAD_H
#define SKEP_MAP_WORKLOAD_H

#include <stdint.h>

/* A connected pair of TCP sockets over the loopback interface of the calling thread's network namespace. */
long skep_workload_tcp_pair(int sockets[2]);

/* A UDP socket bound to 127.0.0.1 that shares its port (SO_REUSEPORT). */
long skep_workload_shared_udp(void);

/* The number by which the kernel knows a socket (SO_COOKIE); 0 on failure. */
uint64_t skep_workload_cookie(int socket);

/* A descriptor of a process (pidfd_open(2)). */
long skep_workload_process(int process);

/* Starts a thread that does nothing until skep_workload_end_threads(). */
long skep_workload_start_thread(void);

/* Ends all of them. */
void skep_workload_end_threads(void);

#endif
