#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: test-guest.sh KERNELS [FILTER]
# Runs the kernel checks in guests, without the rest of the tests, and prints each as it comes: `test-guest.sh 6.1 tcx`.
# KERNELS are series divided by commas, or `all` for every kernel of Tools/kernels.lock; after `all` the table of support,
# docs/support.md, is written anew.
set -euo pipefail
cd "$(dirname "$0")/../.."

kernels=${1:-6.12}
filter=${2:-}
Tools/scripts/packages.sh test
if [ "$kernels" = all ]; then
    Tools/scripts/guest-kernels.sh all || true
    kernels=$(sed -n 's/^\([^:]*\): .* is in .*/\1/p' .build-guests/fetched | paste -sd,)
    [ -z "$filter" ] || { echo "A table of support needs all checks: give no FILTER." >&2; exit 2; }
    rm -rf .build-guests/results
    write=yes
else
    Tools/scripts/guest-kernels.sh ${kernels//,/ } || true
fi
Tools/scripts/kernel-checks.sh
export SKEP_SHARE=$PWD/.build-guests/share
mkdir -p "$SKEP_SHARE"
ln -sfn "$PWD/include" "$SKEP_SHARE/include"
status=0
.build-guests/kernel-checks guests --root "$PWD" --kernel "$kernels" ${filter:+--filter "$filter"} || status=$?
[ -z "${write:-}" ] || Tools/scripts/support-table.sh write
exit "$status"
