#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the example package, which sees the public API only, runs its programs and checks what they print.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec Examples/run
