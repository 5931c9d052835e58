/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What kernel checks let happen so that programs have something to see: exact numbers of events, of the calling thread or
 * of a child made for the purpose. In C, since a child of fork(2) may only do what is safe in a signal handler. Each
 * answers a negative error number on failure.
 */
#ifndef SKEP_CHECK_WORKLOAD_H
#define SKEP_CHECK_WORKLOAD_H

#include <stdint.h>

/* Calls getppid(2) so many times. */
void skep_workload_get_parent(int count);

/* Calls getpgid(2) so many times. */
void skep_workload_get_group(int count);

/* The probed function: nothing but its call matters. Answers argument + 1. */
int skep_workload_probed(int argument);

/* Calls skep_workload_probed() so many times with 1, 2, 3 and so on. */
void skep_workload_call_probed(int count);

/* Uses the processor for so many milliseconds of its time. */
void skep_workload_spin(int milliseconds);

/* Waits so many milliseconds. */
void skep_workload_sleep(int milliseconds);

/* Sends so many frames of the local experimental ethertype 0x88b5 out of an interface. */
long skep_workload_send_frames(uint32_t interface, int count);

/*
 * Starts a child that enters a cgroup by its cgroup.procs file and sends so many UDP datagrams to 127.0.0.1, in the
 * network namespace of the calling thread; waits for it.
 */
long skep_workload_send_datagrams(const char *cgroup_processes, int count);

/*
 * Does a little of everything that services watch, each time anew until the time is up: opens a file that is not there,
 * starts and ends a child by running a program, sends itself SIGUSR1, connects to nobody over TCP, sends frames out of an
 * interface (0 for none).
 */
void skep_workload_everything(const char *program, uint32_t interface, int milliseconds);

/*
 * Sends so many bytes over a TCP connection to 127.0.0.1 whose sending socket asked for a congestion control before it
 * connected, in the network namespace of the calling thread.
 */
long skep_workload_congestion(const char *name, int bytes);

/*
 * Runs `program delegated FD` as root of a user namespace of its own, FD being a bpffs whose rights are delegated to it;
 * answers the exit status of the program.
 */
long skep_workload_delegate(const char *program);

#endif
