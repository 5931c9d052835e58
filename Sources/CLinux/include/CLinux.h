/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SKEP_CLINUX_H
#define SKEP_CLINUX_H
#include <stdint.h>

#include "CLinuxGuest.h"
#endif
