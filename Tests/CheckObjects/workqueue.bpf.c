// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Work that the kernel does later, where it may sleep. Linux 6.10. */
#include "check.bpf.h"

struct work {
    struct bpf_wq work;
    __u64 done;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct work);
} works SEC(".maps");

extern int bpf_wq_init(struct bpf_wq *wq, void *map, unsigned int flags) __weak __ksym;
extern int bpf_wq_start(struct bpf_wq *wq, unsigned int flags) __weak __ksym;
extern int bpf_wq_set_callback_impl(struct bpf_wq *wq, int (*callback)(void *map, int *key, void *value),
                                    unsigned int flags, void *aux) __weak __ksym;

__u64 done;

static int finish(void *map, int *key, void *value)
{
    struct work *work = value;

    work->done++;
    done++;
    return 0;
}

SEC("syscall")
int start_work(void *context)
{
    __u32 key = 0;
    struct work *work = bpf_map_lookup_elem(&works, &key);

    if (!work || bpf_wq_init(&work->work, &works, 0) || bpf_wq_set_callback_impl(&work->work, finish, 0, NULL))
        return 1;
    return bpf_wq_start(&work->work, 0);
}
