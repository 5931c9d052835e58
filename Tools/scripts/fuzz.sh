#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: fuzz.sh [SECONDS] [FUZZER...]
# Builds the fuzzers with the address sanitizer and runs each for the time; all of them unless some are named. Ends with 1
# when one found a crash, a leak of time (10 s) or of memory (1 GiB), and says how to run it again.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
[ $# = 0 ] || shift
fuzzers=("$@")
[ ${#fuzzers[@]} -gt 0 ] || fuzzers=(elf btf dwarf extension core object link)

Tools/scripts/packages.sh build
# The package manager knows one sanitizer at a time, and the compiler heeds the last that it is told.
build=(--package-path Fuzz -c release --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address)
swift build "${build[@]}"
programs=$(swift build "${build[@]}" --show-bin-path)
corpus=$PWD/Fuzz/.build/corpus
Fuzz/make-corpus.sh "$corpus"
mkdir -p Fuzz/.build/crashes
# The report of a crash is libFuzzer's; the Swift runtime would first look for symbols for a minute.
export SWIFT_BACKTRACE=enable=no

failed=
for fuzzer in "${fuzzers[@]}"; do
    printf '\n== fuzz-%s, %s s\n' "$fuzzer" "$seconds"
    "$programs/fuzz-$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="$PWD/Fuzz/.build/crashes/$fuzzer-" "$corpus/$fuzzer" 2>&1 | tail -n 25 || failed+=" $fuzzer"
done
[ -z "$failed" ] && exit 0
echo "Found something:$failed. The inputs are in Fuzz/.build/crashes; run one again with $programs/fuzz-NAME FILE" >&2
exit 1
