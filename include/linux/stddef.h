/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Members in groups. */
#ifndef SKEP_LINUX_STDDEF_H
#define SKEP_LINUX_STDDEF_H

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/* The same members twice in a union: on their own, and as one structure called name. */
#ifndef __struct_group
#define __struct_group(tag, name, attributes, ...) \
    union { \
        struct { __VA_ARGS__ } attributes; \
        struct tag { __VA_ARGS__ } attributes name; \
    }
#endif
/* An array without a size where C wants another member first. */
#ifndef __DECLARE_FLEX_ARRAY
#define __DECLARE_FLEX_ARRAY(type, name) \
    struct { \
        struct { } __empty_##name; \
        type name[]; \
    }
#endif
#ifndef __counted_by
#define __counted_by(member)
#endif
#ifndef __counted_by_le
#define __counted_by_le(member)
#endif
#ifndef __counted_by_be
#define __counted_by_be(member)
#endif

#endif
