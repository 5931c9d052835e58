#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: support-table.sh write|check
# Makes docs/support.md from what the checks said on each kernel, or compares it: only the columns of kernels that ran.
set -euo pipefail
cd "$(dirname "$0")/../.."

[ "${1:-}" = write ] || [ "${1:-}" = check ] || { echo "usage: support-table.sh write|check" >&2; exit 2; }
if [ -z "$(ls .build-guests/results 2>/dev/null)" ]; then
    echo "No kernel ran its checks, so docs/support.md is not compared." >&2
    exit 0
fi
if ! .build-guests/kernel-checks table --root "$PWD" --mode "$1"; then
    echo "docs/support.md is not what the kernels say; make test-all-kernels writes it anew." >&2
    exit 1
fi
