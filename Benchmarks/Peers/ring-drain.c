// SPDX-License-Identifier: Apache-2.0

/* Drains a filled ring buffer with libbpf: `ring-drain MAP_ID`. Prints the records, and the nanoseconds they took. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static unsigned long long sum;

static int each(void *context, void *data, size_t size)
{
    sum += *(unsigned char *)data + size;
    return 0;
}

int main(int count, char **arguments)
{
    struct timespec start, end;
    int map = count == 2 ? bpf_map_get_fd_by_id(atoi(arguments[1])) : -1;
    struct ring_buffer *ring = map < 0 ? NULL : ring_buffer__new(map, each, NULL, NULL);

    if (!ring)
        return 1;
    clock_gettime(CLOCK_MONOTONIC, &start);
    int records = ring_buffer__consume(ring);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (records <= 0 || sum == 0)
        return 1;
    printf("%d %lld\n", records, (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec);
    return 0;
}
