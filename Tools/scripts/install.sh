#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: install.sh DESTDIR PREFIX
# Copies bin/ and share/skep/ below DESTDIR/PREFIX. A program finds its services relative to itself: ../share/skep.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=${1:-}${2:-/usr/local}
for program in bin/*; do install -D -m 755 "$program" "$target/bin/$(basename "$program")"; done
(cd share && find skep -type f) | while read -r file; do install -D -m 644 "share/$file" "$target/share/$file"; done
echo "Installed in $target/bin and $target/share/skep"
