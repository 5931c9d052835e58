// SPDX-License-Identifier: Apache-2.0

/* Opens and loads an object with libbpf; prints the nanoseconds it took, and those that opening took. */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <time.h>

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments)
{
    long long start = now(), opened;
    struct bpf_object *object = count > 1 ? bpf_object__open_file(arguments[1], NULL) : NULL;

    opened = now();
    if (!object || bpf_object__load(object))
        return 1;
    printf("%lld %lld\n", now() - start, opened - start);
    return 0;
}
