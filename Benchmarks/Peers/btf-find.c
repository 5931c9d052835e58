// SPDX-License-Identifier: Apache-2.0

/* Finds a struct in the running kernel's BTF with libbpf; prints the nanoseconds it took and the heap it left. */
#include <bpf/btf.h>
#include <malloc.h>
#include <stdio.h>
#include <time.h>

int main(void)
{
    struct timespec start, end;
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;

    clock_gettime(CLOCK_MONOTONIC, &start);
    struct btf *types = btf__load_vmlinux_btf();
    int id = types ? btf__find_by_name_kind(types, "task_struct", BTF_KIND_STRUCT) : -1;
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (id <= 0)
        return 1;
    printf("%lld %zu\n", (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec,
           mallinfo2().uordblks + mallinfo2().hblkhd - before);
    return 0;
}
