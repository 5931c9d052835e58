#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the example package, which sees the public API only, and runs each of its programs; each ends by itself.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ -e Examples/Package.swift ] || exit 0

swift build --package-path Examples
programs=$(swift build --package-path Examples --show-bin-path)
failed=
for folder in Examples/Sources/*/; do
    name=$(basename "$folder")
    [ -x "$programs/$name" ] || continue
    echo "example $name"
    timeout --kill-after=5 60 "$programs/$name" || failed+=" $name"
done
[ -z "$failed" ] || { echo "These examples failed:$failed" >&2; exit 1; }
