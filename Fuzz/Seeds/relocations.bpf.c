// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* One relocation to a type of each kind. */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct credentials {
    int user;
    unsigned level : 4, rest : 12;
};
struct task {
    int number;
    char name[16];
    struct credentials *credentials;
    struct {
        long first;
        union {
            int left, right;
        };
    };
    struct task *children[4];
};
struct task___old {
    long state;
};
#pragma clang attribute pop

enum state { running, sleeping = 7 };

SEC("raw_tracepoint/sched_switch")
int relocate(struct bpf_raw_tracepoint_args *context)
{
    struct task *task = (void *)context->args[1];
    struct task___old *old = (void *)task;
    struct credentials *credentials = BPF_CORE_READ(task, credentials);
    long sum = 0;

    sum += BPF_CORE_READ(task, credentials, user);
    sum += BPF_CORE_READ(task, children[2], left);
    sum += BPF_CORE_READ_BITFIELD_PROBED(credentials, level);
    if (bpf_core_field_exists(old->state))
        sum += BPF_CORE_READ(old, state);
    sum += bpf_core_field_size(task->name) + bpf_core_field_offset(task->name);
    sum += bpf_core_type_exists(struct task) + bpf_core_type_size(struct task);
    sum += bpf_core_type_matches(struct task) + bpf_core_type_id_local(struct task);
    sum += bpf_core_type_id_kernel(struct credentials);
    if (bpf_core_enum_value_exists(enum state, sleeping))
        sum += bpf_core_enum_value(enum state, sleeping);
    return sum;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
