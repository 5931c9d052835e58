#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: generate.sh write|check
# Makes the generated files anew: "write" puts them into the tree, "check" fails when the tree's are not current.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=${1:-check}
case $mode in write | check) ;; *) echo "usage: generate.sh write|check" >&2; exit 2 ;; esac

# Helper functions: the table for programs, and their declarations in C.
arguments=()
[ "$mode" = write ] || arguments=(--check)
swift run -q --package-path Tools generate-helpers "${arguments[@]}"

# Names of system calls, from the numbers in the UAPI headers.
names=Sources/Schema/Generated/SyscallNames.swift
if [ "$mode" = write ]; then
    Tools/syscalls/generate "$names"
else
    fresh=$(mktemp)
    trap 'rm -f "$fresh"' EXIT
    Tools/syscalls/generate "$fresh"
    cmp -s "$fresh" "$names" || { echo "$names is not current: run make generate" >&2; exit 1; }
fi
