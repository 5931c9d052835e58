// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

/* Two instructions, which must stay as they are: Sources/KernelChecks/Objects/SignedProgram.swift has their signature. */
#include "check.bpf.h"

SEC("socket")
int trusted(void *context)
{
    return 7;
}

/* The same with another number. */
SEC("socket")
int changed(void *context)
{
    return 8;
}
