#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: guest-kernels.sh [all | SERIES…]
# Fetches the kernels that guests boot with `skep kernels fetch`: those of Tools/kernels.lock, by default 5.10, 6.1, 6.12 and
# the newest. What is in the cache stays. Leaves .build-guests/missing: the kernels that cannot be had, with the reason.
set -euo pipefail
cd "$(dirname "$0")/../.."

swift build --product skep
skep=$(swift build --show-bin-path)/skep
mkdir -p .build-guests
# A kernel that cannot be had is no reason to stop: its column of the table of support says so.
"$skep" kernels fetch --lock Tools/kernels.lock ${SKEP_DEBIAN_MIRROR:+--mirror "$SKEP_DEBIAN_MIRROR"} "$@" \
    >.build-guests/fetched || status=$?
cat .build-guests/fetched
sed -n 's/^\([^:]*\): cannot be had (\(.*\))$/\1: \2/p' .build-guests/fetched >.build-guests/missing
exit "${status:-0}"
