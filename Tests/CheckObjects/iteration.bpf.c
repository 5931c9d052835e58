// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Loops that the verifier does not unroll: each program is one way, with a count that is known. */
#include "check.bpf.h"

struct cell {
    struct bpf_timer timer;
    __u64 count;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct cell);
} timers SEC(".maps");

__u64 turns, fired, threads, sum;

struct task_struct;
struct bpf_iter_task {
    __u64 __opaque[3];
} __attribute__((aligned(8)));

extern int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task, unsigned int flags) __weak __ksym;
extern struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) __weak __ksym;
extern void bpf_iter_task_destroy(struct bpf_iter_task *it) __weak __ksym;
extern void bpf_rcu_read_lock(void) __weak __ksym;
extern void bpf_rcu_read_unlock(void) __weak __ksym;

/* 5.17 */
static long turn(__u64 index, void *context)
{
    turns++;
    sum += index;
    return index == 199999;
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int callback_loop(void *context)
{
    if (is_target())
        bpf_loop(1 << 20, turn, NULL, 0);
    return 0;
}

/* 6.4 */
SEC("tracepoint/syscalls/sys_enter_getppid")
int counted_loop(void *context)
{
    int i;

    if (!is_target())
        return 0;
    bpf_for(i, 5, 100005) {
        turns++;
        sum += i;
    }
    bpf_repeat(1000) {
        if (turns == 100900)
            break;
        turns++;
    }
    return 0;
}

/* 6.9 */
SEC("tracepoint/syscalls/sys_enter_getppid")
int bounded_loop(void *context)
{
    __u64 i = 0;

    if (!is_target())
        return 0;
    while (i < 50000) {
        cond_break;
        turns++;
        i++;
    }
    for (i = 0; i < 1000 && can_loop; i++)
        sum += i;
    return 0;
}

/* 6.7 */
SEC("tp_btf/sys_enter")
int thread_loop(void *context)
{
    struct task_struct *task;

    if (!is_target() || ((__u64 *)context)[1] != 110)
        return 0;
    /* BPF_TASK_ITER_PROC_THREADS */
    bpf_for_each(task, task, bpf_get_current_task_btf(), 2)
        threads++;
    return 0;
}

/* 5.15 */
static int fire(void *map, __u32 *key, struct cell *cell)
{
    fired++;
    cell->count++;
    if (fired < 3)
        bpf_timer_start(&cell->timer, 1000000, 0);
    return 0;
}

SEC("syscall")
int start_timer(void *context)
{
    __u32 key = 0;
    struct cell *cell = bpf_map_lookup_elem(&timers, &key);

    if (!cell || bpf_timer_init(&cell->timer, &timers, 1) || bpf_timer_set_callback(&cell->timer, fire))
        return 1;
    return bpf_timer_start(&cell->timer, 1000000, 0);
}
