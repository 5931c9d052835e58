#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: generate.sh write|check
# Runs every generator, Tools/generators/NAME/generate.sh OUT, which writes below OUT the files that it owns, each at its
# path from the root. "write" copies them into the tree; "check" fails when the tree's differ. Generators read the tree
# and nothing else, so the same commit gives the same bytes on every machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=${1:-check}
case $mode in write | check) ;; *) echo "usage: generate.sh write|check" >&2; exit 2 ;; esac

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for generator in Tools/generators/*/generate.sh; do
    [ -e "$generator" ] || continue
    "$generator" "$out"
done

stale=
while IFS= read -r file; do
    cmp -s "$out/$file" "$file" && continue
    if [ "$mode" = write ]; then
        install -D -m 644 "$out/$file" "$file"
        echo "wrote $file"
    else
        echo "not what its generator makes: $file (run make generate)" >&2
        stale=yes
    fi
done < <(cd "$out" && find . -type f -printf '%P\n' | sort)
[ -z "$stale" ]
