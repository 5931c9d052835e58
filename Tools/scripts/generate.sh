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

# Files that a script makes: the names of system calls, from the numbers in the UAPI headers, and the section names of
# programs.
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
while read -r generator file; do
    if [ "$mode" = write ]; then
        "$generator" "$file"
    else
        "$generator" "$fresh"
        cmp -s "$fresh" "$file" || { echo "$file is not current: run make generate" >&2; exit 1; }
    fi
done <<'LIST'
Tools/syscalls/generate Sources/Schema/Generated/SyscallNames.swift
Tools/sections/generate Sources/BPFObject/Sections/Generated/SectionDefinition+Table.swift
LIST
