// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* What the objects of the kernel checks share. They need no vmlinux.h, so one object serves every kernel. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

/* The thread whose doings are counted; everything else on the machine is left out. */
const volatile __u32 target = 0;

static __always_inline bool is_target(void) { return (__u32)bpf_get_current_pid_tgid() == target; }

char LICENSE[] SEC("license") = "Dual BSD/GPL";
