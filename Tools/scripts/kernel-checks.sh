#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the program that guests run as their first process: static, since an initramfs holds nothing else.
# The flags are those of build.sh, so that both share what they compile.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Without debug information; the checks look for their own functions, so the symbols stay.
flags=(-c release --static-swift-stdlib -Xswiftc -static-executable -Xlinker --strip-debug)
swift build "${flags[@]}" --product kernel-checks
mkdir -p .build-guests
cp "$(swift build "${flags[@]}" --show-bin-path)/kernel-checks" .build-guests/kernel-checks
