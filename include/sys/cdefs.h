/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_SYS_CDEFS_H
#define SKEP_SYS_CDEFS_H

#define __BEGIN_DECLS
#define __END_DECLS
#ifndef __THROW
#define __THROW
#endif

#endif
