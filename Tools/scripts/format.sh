#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: format.sh write|check
# Formats the Swift sources, or fails when one is not formatted or breaks a lint rule of .swift-format.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Every Swift file of the tree, without those that a build made (folders that begin with a dot).
mapfile -d '' files < <(find . -name '.?*' -prune -o -name '*.swift' -type f -print0)
case ${1:-check} in
    write) swift format format --in-place --parallel --configuration .swift-format "${files[@]}" ;;
    check) swift format lint --strict --parallel --configuration .swift-format "${files[@]}" ;;
    *) echo "usage: format.sh write|check" >&2; exit 2 ;;
esac
