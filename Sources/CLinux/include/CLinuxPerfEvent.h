/* SPDX-License-Identifier: Apache-2.0 */

/* include/uapi/linux/perf_event.h of Linux 6.18, with the bit field as one number. */
#ifndef SKEP_CLINUX_PERF_EVENT_H
#define SKEP_CLINUX_PERF_EVENT_H

#include <stdint.h>

struct skep_perf_event_attributes {
    uint32_t type, size;
    uint64_t config;
    uint64_t sample_period; /* or sample_freq */
    uint64_t sample_type, read_format, flags;
    uint32_t wakeup; /* events or watermark */
    uint32_t bp_type;
    uint64_t config1, config2;
    uint64_t branch_sample_type, sample_regs_user;
    uint32_t sample_stack_user;
    int32_t clockid;
    uint64_t sample_regs_intr;
    uint32_t aux_watermark;
    uint16_t sample_max_stack, reserved;
    uint32_t aux_sample_size, aux_action;
    uint64_t sig_data, config3;
};

/* The control page of a perf event's mapping: only what a reader of the data ring needs. */
struct skep_perf_event_page {
    uint8_t other[1024];
    uint64_t data_head, data_tail, data_offset, data_size;
};

#endif
