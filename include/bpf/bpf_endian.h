/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Byte order of network data. Constants are converted when compiled, so they may be used in initialisers and cases. */
#ifndef SKEP_BPF_ENDIAN_H
#define SKEP_BPF_ENDIAN_H
#define __BPF_ENDIAN__

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define __bpf_network16(x) ((__u16)__builtin_bswap16((__u16)(x)))
#define __bpf_network32(x) ((__u32)__builtin_bswap32((__u32)(x)))
#define __bpf_network64(x) ((__u64)__builtin_bswap64((__u64)(x)))
#else
#define __bpf_network16(x) ((__u16)(x))
#define __bpf_network32(x) ((__u32)(x))
#define __bpf_network64(x) ((__u64)(x))
#endif

#define bpf_htons(x) __bpf_network16(x)
#define bpf_ntohs(x) __bpf_network16(x)
#define bpf_htonl(x) __bpf_network32(x)
#define bpf_ntohl(x) __bpf_network32(x)
#define bpf_cpu_to_be64(x) __bpf_network64(x)
#define bpf_be64_to_cpu(x) __bpf_network64(x)

/* The names that these had for constants. */
#define __bpf_constant_htons(x) bpf_htons(x)
#define __bpf_constant_ntohs(x) bpf_ntohs(x)
#define __bpf_constant_htonl(x) bpf_htonl(x)
#define __bpf_constant_ntohl(x) bpf_ntohl(x)
#define __bpf_htons(x) bpf_htons(x)
#define __bpf_ntohs(x) bpf_ntohs(x)
#define __bpf_htonl(x) bpf_htonl(x)
#define __bpf_ntohl(x) bpf_ntohl(x)
#define __bpf_cpu_to_be64(x) bpf_cpu_to_be64(x)
#define __bpf_be64_to_cpu(x) bpf_be64_to_cpu(x)
#define __bpf_constant_cpu_to_be64(x) bpf_cpu_to_be64(x)
#define __bpf_constant_be64_to_cpu(x) bpf_be64_to_cpu(x)

#endif
