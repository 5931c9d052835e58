/* SPDX-License-Identifier: Apache-2.0 */

/* Loads and stores of memory shared with the kernel, ordered as the ring buffer protocols demand. */
#ifndef SKEP_CLINUX_ATOMICS_H
#define SKEP_CLINUX_ATOMICS_H

#include <stdint.h>

static inline uint64_t skep_load_acquire_64(const void *address) {
    return __atomic_load_n((const uint64_t *)address, __ATOMIC_ACQUIRE);
}

static inline uint64_t skep_load_relaxed_64(const void *address) {
    return __atomic_load_n((const uint64_t *)address, __ATOMIC_RELAXED);
}

static inline uint32_t skep_load_acquire_32(const void *address) {
    return __atomic_load_n((const uint32_t *)address, __ATOMIC_ACQUIRE);
}

static inline void skep_store_release_64(void *address, uint64_t value) {
    __atomic_store_n((uint64_t *)address, value, __ATOMIC_RELEASE);
}

static inline void skep_store_release_32(void *address, uint32_t value) {
    __atomic_store_n((uint32_t *)address, value, __ATOMIC_RELEASE);
}

#endif
