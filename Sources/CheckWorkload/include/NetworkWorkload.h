/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the checks of network hooks let happen, in the network namespace of the calling thread. Each function answers a
 * negative error number on failure, and sockets are to be closed by the caller.
 */
#ifndef SKEP_NETWORK_WORKLOAD_H
#define SKEP_NETWORK_WORKLOAD_H

#include <stdint.h>

/*
 * Starts a child that enters a cgroup by its cgroup.procs file and does, so many times: for IPv4 and IPv6 each, make three
 * datagram sockets A, B, C, bind A, get its name, connect B to A, get B's peer, set an option of A and get one, send from C
 * to A, receive with the sender's address, close them; with unix sockets the same; connect a TCP socket to port 9, where
 * nobody listens, over IPv4; read net.ipv4.ip_forward once; open /dev/null once. Waits for the child.
 */
long skep_workload_use_cgroup(const char *cgroup_processes, int count);

/* A socket that shares the port with others (SO_REUSEPORT) on 127.0.0.1; a stream socket (isStream) listens. */
long skep_workload_bind_shared(int is_stream, int port);

/* Sends so many datagrams of one byte to an address, IPv4 or IPv6, from a socket without a peer. */
long skep_workload_send_to(const char *address, int port, int count);

/* The number of datagrams that wait at a socket; they are taken. */
long skep_workload_take_datagrams(int descriptor);

/* Connects so many TCP sockets to 127.0.0.1 at ports from the first one on; answers how many succeeded. All are closed. */
long skep_workload_connect(int first_port, int count);

/* A TCP connection to a port of 127.0.0.1, left open. */
long skep_workload_open_connection(int port);

/* The number of connections that wait at a listening socket; they are accepted and closed. */
long skep_workload_take_connections(int descriptor);

/* Two connected sockets over the loopback interface: TCP when is_stream, else UDP. */
long skep_workload_connected_pair(int is_stream, int ends[2]);

/* Sends so many messages of 8 bytes, a few milliseconds apart, so that each is a packet of its own. */
long skep_workload_send_messages(int descriptor, int count);

/* The number of bytes that come within a time that is long enough; they are taken. */
long skep_workload_take_bytes(int descriptor, int milliseconds);

/* Sends so many frames of the checks' ethertype with so many bytes each out of an interface. */
long skep_workload_send_large_frames(uint32_t interface, int size, int count);

/* Sends so many IPv6 packets with a segment routing header, at the first of two segments, which is the destination. */
long skep_workload_send_segments(uint32_t interface, const uint8_t hardware_address[6], const char *destination, int count);

/* Closes a socket that one of these functions made. */
void skep_workload_close(int descriptor);

#endif
