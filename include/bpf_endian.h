/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* For sources that leave the folder out. */
#include <bpf/bpf_endian.h>
