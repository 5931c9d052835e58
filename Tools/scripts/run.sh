#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: run.sh [SERVICE]
# Builds skep and shows a service for 15 seconds, beside a small workload of its own so that a quiet machine shows rows.
set -euo pipefail
cd "$(dirname "$0")/../.."
service=${1:-opensnoop}

Tools/scripts/build.sh

refuse() { printf '\n%s\n' "$@" >&2; exit 3; }
[ -e /proc/sys/kernel/unprivileged_bpf_disabled ] \
    || refuse "This kernel ($(uname -r)) has no bpf(2): it was built without CONFIG_BPF_SYSCALL. Boot a distribution kernel."
[ "$(id -u)" = 0 ] \
    || refuse "skep is built, but loading programs into the kernel needs root. Run:  sudo bin/skep run $service"

# The workload opens a file a few times a second. It ends by itself when this script is gone, however it went.
workload() {
    trap 'exit 0' TERM INT
    while kill -0 $$ 2>/dev/null; do
        cat /etc/hostname >/dev/null 2>&1 || true
        sleep 0.3
    done
}
workload &
workload_id=$!
finish() { kill "$workload_id" 2>/dev/null || true; wait "$workload_id" 2>/dev/null || true; }
trap finish EXIT
trap : INT TERM # skep ends on them by itself, with a summary; this script then ends as skep did

printf '\nskep run %s, for 15 seconds (Ctrl-C ends it sooner)\n\n' "$service" >&2
status=0
bin/skep run "$service" --duration 15s || status=$?
case $status in
    3) refuse "The kernel refused: this root may lack CAP_BPF or CAP_PERFMON (a container?), or the kernel is locked down." \
        "Run it on the host itself, or give the container --privileged." ;;
    4) printf '\n%s\n' "This kernel ($(uname -r)) lacks what $service needs; 'bin/skep features' lists what it has." >&2 ;;
esac
exit "$status"
