// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Histograms whose slots double: slot n counts the values from 2^n to 2^(n+1) - 1, and slot 0 also the zeros. */
#ifndef SKEP_HISTOGRAM_BPF_H
#define SKEP_HISTOGRAM_BPF_H

#define HISTOGRAM_SLOTS 27

struct log2_histogram {
    __u32 slots[HISTOGRAM_SLOTS];
};

/* What a new histogram starts as; too large for the stack. */
static const struct log2_histogram empty_histogram;

static __always_inline __u32 log2_of(__u64 value)
{
    __u32 result = 0, shift;

    shift = (value > 0xffffffff) << 5; value >>= shift; result |= shift;
    shift = (value > 0xffff) << 4; value >>= shift; result |= shift;
    shift = (value > 0xff) << 3; value >>= shift; result |= shift;
    shift = (value > 0xf) << 2; value >>= shift; result |= shift;
    shift = (value > 0x3) << 1; value >>= shift; result |= shift;
    return result | (value >> 1);
}

static __always_inline void histogram_add(struct log2_histogram *histogram, __u64 value)
{
    __u32 slot = log2_of(value);

    if (slot >= HISTOGRAM_SLOTS)
        slot = HISTOGRAM_SLOTS - 1;
    __sync_fetch_and_add(&histogram->slots[slot], 1);
}

#endif
