/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What kernel headers take from their compiler header. */
#ifndef SKEP_LINUX_COMPILER_H
#define SKEP_LINUX_COMPILER_H

#ifndef __user
#define __user
#endif
#ifndef __force
#define __force
#endif
#ifndef __packed
#define __packed __attribute__((packed))
#endif
#ifndef __aligned
#define __aligned(x) __attribute__((aligned(x)))
#endif
#ifndef __maybe_unused
#define __maybe_unused __attribute__((unused))
#endif
#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#ifndef likely
#define likely(condition) __builtin_expect(!!(condition), 1)
#endif
#ifndef unlikely
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#endif

#endif
