// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Three loops that the verifier follows once, however often they turn: each finds how many primes there are below a number. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

struct question {
    __u32 below, primes;
};

/* Unbounded as written: the kernel ends it after 8 million turns or a quarter of a second. Linux 6.9. */
static __always_inline bool is_prime(__u32 number)
{
    __u32 divisor = 2;

    while (divisor * divisor <= number) {
        cond_break;
        if (number % divisor == 0)
            return false;
        divisor++;
    }
    return number >= 2;
}

/* Bounded by a number that is known only when it runs. Linux 6.4. */
SEC("syscall")
int with_for(struct question *question)
{
    int number;

    bpf_for(number, 0, question->below)
        question->primes += is_prime(number);
    return 0;
}

/* A function that the kernel calls. Linux 5.17. */
static long count(__u64 number, struct question *question)
{
    question->primes += is_prime(number);
    return 0;
}

SEC("syscall")
int with_callback(struct question *question)
{
    struct question own = *question;

    bpf_loop(own.below, count, &own, 0);
    question->primes = own.primes;
    return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
