#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs every test: pure, this machine's kernel, guest kernels; then says what ran in each tier and what was skipped and why.
# What a machine cannot do (no root, no QEMU, no network for the guest kernels) is skipped with its reason, not failed.
set -euo pipefail
cd "$(dirname "$0")/../.."

Tools/scripts/packages.sh test
if [ "$(id -u)" != 0 ]; then
    echo "Not root: the tests that load programs into this kernel are skipped. To run them:  sudo make test" >&2
elif [ ! -e /proc/sys/kernel/unprivileged_bpf_disabled ]; then
    echo "This kernel ($(uname -r)) has no bpf(2) (CONFIG_BPF_SYSCALL): the tests that need it are skipped." >&2
fi

Tools/scripts/guest-kernels.sh || echo "Going on without the guest kernels that could not be had." >&2
Tools/scripts/kernel-checks.sh
# Only what this run's guests say is compared with the table of support.
rm -rf .build-guests/results
swift build --build-tests

# The stream is read once the tests are over; what they print goes straight through.
mkdir -p .build
events=$PWD/.build/test-events.json
rm -f "$events"
status=0
swift test --skip-build --event-stream-output-path "$events" --event-stream-version 0 "$@" || status=$?
[ -e "$events" ] || : >"$events"

printf '\n'
summary=$(awk -f Tools/scripts/test-summary.awk "$events")
if [ "$status" != 0 ] && printf '%s\n' "$summary" | tail -n 1 | grep -q ' 0 failed,'; then
    summary=$(awk -v crashed=1 -f Tools/scripts/test-summary.awk "$events")
fi
printf '%s\n' "$summary"
Tools/scripts/support-table.sh check || status=1
exit "$status"
