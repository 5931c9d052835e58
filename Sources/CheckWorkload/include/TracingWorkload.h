/* SPDX-License-Identifier: Apache-2.0 */

/* What kernel checks of probes let happen: calls, values and accesses whose exact number is known. */
#ifndef SKEP_TRACING_WORKLOAD_H
#define SKEP_TRACING_WORKLOAD_H

#include <stdint.h>

/* Calls getpgid(2) with 1, 2, 3 and so on. */
void skep_workload_get_groups_of(int count);

/* Calls getpriority(2) so many times; answers the sum of what the kernel returned, which is 20 less the niceness. */
long skep_workload_get_priority(int count);

/* Calls three functions, skep_workload_hook_one(), _two() and _three(), so many times each, with 1, 2, 3 and so on. */
void skep_workload_call_hooks(int count);

/* Calls skep_workload_padded() so many times: its first instruction does nothing and is 1 byte (x86-64) or 4 bytes long. */
void skep_workload_call_padded(int count);

/*
 * Passes so many times by the static probe skep:values, which is in two places with the values -index, 77 and
 * 0x100000000 + index, and by the probe skep:watched while its counter says that somebody watches.
 */
void skep_workload_pass_probes(int count);

/* The counter of the static probe skep:watched. */
int skep_workload_watchers(void);

/* Opens and closes a file so many times. */
long skep_workload_open_files(int count);

/* Maps so many pages of memory that are not there yet; answers where, 0 on failure. */
uint64_t skep_workload_map_pages(int count);

/* Writes one byte to each of those pages. */
void skep_workload_touch_pages(uint64_t address, int count);

/* Gives them back. */
void skep_workload_unmap_pages(uint64_t address, int count);

/* Where the variable is that skep_workload_write_watched() writes so many times. */
uint64_t skep_workload_watched_address(void);
void skep_workload_write_watched(int count);

#endif
