/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Arenas: memory that programs and user space share, with pointers that both can follow (Linux 6.9). Names and effects
 * are those that programs written for the kernel's own bpf_arena_common.h expect.
 *
 *     struct {
 *         __uint(type, BPF_MAP_TYPE_ARENA);
 *         __uint(map_flags, BPF_F_MMAPABLE);
 *         __uint(max_entries, 100);            // pages
 *     } arena SEC(".maps");
 *
 *     int __arena counter;                     // a variable in the arena
 */
#ifndef SKEP_BPF_ARENA_COMMON_H
#define SKEP_BPF_ARENA_COMMON_H

#include "bpf_helpers.h"

#ifndef __PAGE_SIZE
#define __PAGE_SIZE 4096
#endif
#ifndef PAGE_SIZE
#define PAGE_SIZE __PAGE_SIZE
#endif
#ifndef NUMA_NO_NODE
#define NUMA_NO_NODE (-1)
#endif
#ifndef arena_container_of
#define arena_container_of(pointer, type, member) \
    ((type __arena *)((void __arena *)(pointer) - __builtin_offsetof(type, member)))
#endif

/* The compiler keeps such pointers apart from others, and casts them where they are followed. */
#if defined(__BPF_FEATURE_ADDR_SPACE_CAST) && !defined(BPF_ARENA_FORCE_ASM)
#define __arena __attribute__((address_space(1)))
#define __arena_global __attribute__((address_space(1)))
#define cast_kern(pointer)
#define cast_user(pointer)
#else
/* An older compiler: the casts are written by hand, and variables cannot live in an arena. */
#define __arena
#define __arena_global SEC(".addr_space.1")
#define __bpf_cast(pointer, to, from) \
    asm volatile(".byte 0xbf;" \
                 ".ifc %[reg], r0; .byte 0x00; .endif;" \
                 ".ifc %[reg], r1; .byte 0x11; .endif;" \
                 ".ifc %[reg], r2; .byte 0x22; .endif;" \
                 ".ifc %[reg], r3; .byte 0x33; .endif;" \
                 ".ifc %[reg], r4; .byte 0x44; .endif;" \
                 ".ifc %[reg], r5; .byte 0x55; .endif;" \
                 ".ifc %[reg], r6; .byte 0x66; .endif;" \
                 ".ifc %[reg], r7; .byte 0x77; .endif;" \
                 ".ifc %[reg], r8; .byte 0x88; .endif;" \
                 ".ifc %[reg], r9; .byte 0x99; .endif;" \
                 ".short 1; .long (" #to " << 16) | " #from ";" \
                 : [reg] "+r"(pointer))
/* A pointer that the program may follow. */
#define cast_kern(pointer) __bpf_cast(pointer, 0, 1)
/* A pointer that user space may follow. */
#define cast_user(pointer) __bpf_cast(pointer, 1, 0)
#endif

/* Allocates whole pages, at an address of the arena or anywhere; for programs that may sleep. */
extern void __arena *bpf_arena_alloc_pages(void *map, void __arena *address, __u32 pages, int node, __u64 flags) __ksym
    __weak;
/* Gives pages back. */
extern void bpf_arena_free_pages(void *map, void __arena *address, __u32 pages) __ksym __weak;

#endif
