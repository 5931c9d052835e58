/* SPDX-License-Identifier: Apache-2.0 */

#define _GNU_SOURCE
#include "CheckWorkload.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

void skep_workload_get_groups_of(int count)
{
    for (int index = 1; index <= count; index++)
        (void)syscall(SYS_getpgid, index);
}

long skep_workload_get_priority(int count)
{
    long sum = 0;

    for (int index = 0; index < count; index++)
        sum += syscall(SYS_getpriority, PRIO_PROCESS, 0);
    return sum;
}

/* Different bodies, so that the linker does not fold them into one. */
#define HOOK(name, number)                                        \
    __attribute__((noinline)) int skep_workload_hook_##name(int argument); \
    __attribute__((noinline)) int skep_workload_hook_##name(int argument)  \
    {                                                             \
        __asm__ volatile("" : "+r"(argument));                    \
        return argument + number;                                 \
    }

HOOK(one, 1)
HOOK(two, 2)
HOOK(three, 3)

void skep_workload_call_hooks(int count)
{
    for (int index = 1; index <= count; index++) {
        (void)skep_workload_hook_one(index);
        (void)skep_workload_hook_two(index);
        (void)skep_workload_hook_three(index);
    }
}

void skep_workload_padded(void);
__asm__(".pushsection .text.skep_workload_padded,\"ax\",%progbits\n"
        ".balign 16\n"
        ".globl skep_workload_padded\n"
        ".hidden skep_workload_padded\n"
        ".type skep_workload_padded, %function\n"
        "skep_workload_padded:\n"
        "nop\n"
        "nop\n"
        "ret\n"
        ".size skep_workload_padded, . - skep_workload_padded\n"
        ".popsection\n");

void skep_workload_call_padded(int count)
{
    for (int index = 0; index < count; index++)
        skep_workload_padded();
}

/*
 * The note of a static probe, as <sys/sdt.h> lays it out: the address of an instruction that does nothing, the address of
 * a section by which moved addresses are corrected, the address of the counter of watchers or 0, then three texts.
 */
#define STATIC_PROBE(name, counter, arguments)                            \
    "990: nop\n"                                                          \
    ".pushsection .note.stapsdt,\"\",%%note\n"                            \
    ".balign 4\n"                                                         \
    ".4byte 992f-991f, 994f-993f, 3\n"                                    \
    "991: .asciz \"stapsdt\"\n"                                           \
    "992: .balign 4\n"                                                    \
    "993: .8byte 990b\n"                                                  \
    ".8byte _.stapsdt.base\n"                                             \
    ".8byte " counter "\n"                                                \
    ".asciz \"skep\"\n"                                                   \
    ".asciz \"" name "\"\n"                                               \
    ".asciz \"" arguments "\"\n"                                          \
    "994: .balign 4\n"                                                    \
    ".popsection\n"

__asm__(".pushsection .stapsdt.base,\"aGR\",%progbits,.stapsdt.base,comdat\n"
        ".weak _.stapsdt.base\n"
        ".hidden _.stapsdt.base\n"
        "_.stapsdt.base: .space 1\n"
        ".size _.stapsdt.base, 1\n"
        ".popsection\n");

/* A number in a register, a constant, a number in memory. */
#if defined(__x86_64__)
#define VALUES "-4@%[number] 8@%[constant] 8@(%[pointer])"
#define WORD "4@%[number]"
#else
#define VALUES "-4@%w[number] 8@%[constant] 8@[%[pointer]]"
#define WORD "4@%w[number]"
#endif

__attribute__((noinline)) static void pass_first_place(int number, const uint64_t *pointer)
{
    __asm__ volatile(STATIC_PROBE("values", "0", VALUES)
                     :
                     : [number] "r"(number), [constant] "n"(77), [pointer] "r"(pointer)
                     : "memory");
}

__attribute__((noinline)) static void pass_second_place(const uint64_t *pointer, int number)
{
    __asm__ volatile(STATIC_PROBE("values", "0", VALUES)
                     :
                     : [number] "r"(number), [constant] "n"(77), [pointer] "r"(pointer)
                     : "memory");
}

/* The kernel raises it while a probe is attached. */
__attribute__((section(".probes"), used, visibility("hidden"))) volatile unsigned short skep_workload_counter = 0;

__attribute__((noinline)) static void pass_watched(int number)
{
    __asm__ volatile(STATIC_PROBE("watched", "skep_workload_counter", WORD) : : [number] "r"(number) : "memory");
}

int skep_workload_watchers(void) { return skep_workload_counter; }

void skep_workload_pass_probes(int count)
{
    for (int index = 1; index <= count; index++) {
        uint64_t value = 0x100000000u + (uint64_t)index;

        pass_first_place(-index, &value);
        pass_second_place(&value, -index);
        if (skep_workload_counter)
            pass_watched(index);
    }
}

long skep_workload_open_files(int count)
{
    for (int index = 0; index < count; index++) {
        int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);

        if (descriptor < 0)
            return -errno;
        close(descriptor);
    }
    return 0;
}

uint64_t skep_workload_map_pages(int count)
{
    size_t size = (size_t)count * (size_t)sysconf(_SC_PAGESIZE);
    void *address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (address == MAP_FAILED)
        return 0;
    /* Large pages and pages around one that is missing would make fewer faults; a kernel without them refuses. */
    (void)madvise(address, size, MADV_NOHUGEPAGE);
    return (uint64_t)address;
}

void skep_workload_touch_pages(uint64_t address, int count)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    for (int index = 0; index < count; index++)
        *(volatile char *)(address + (uint64_t)index * page) = 1;
}

void skep_workload_unmap_pages(uint64_t address, int count)
{
    munmap((void *)address, (size_t)count * (size_t)sysconf(_SC_PAGESIZE));
}

static volatile uint64_t watched;

uint64_t skep_workload_watched_address(void) { return (uint64_t)&watched; }

void skep_workload_write_watched(int count)
{
    for (int index = 1; index <= count; index++)
        watched = (uint64_t)index;
}
