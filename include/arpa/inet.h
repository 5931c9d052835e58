/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SKEP_ARPA_INET_H
#define SKEP_ARPA_INET_H

#include <netinet/in.h>

#endif
