#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: bench.sh [ROUNDS]
# Measures skep beside its peers and writes docs/benchmarks.md. Needs root. SKEP_BENCH_BUILD=no leaves out the build from
# nothing, which takes minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-15}
[ "$(id -u)" = 0 ] || { echo "Measuring loads programs into the kernel, which needs root:  sudo make bench" >&2; exit 3; }

Tools/scripts/packages.sh bench
lines=()
if [ "${SKEP_BENCH_BUILD:-yes}" = yes ]; then
    rm -rf .build-bench
    start=$SECONDS
    swift build -c release --static-swift-stdlib -Xswiftc -static-executable -Xlinker --strip-all --product skep --scratch-path .build-bench
    lines+=("| build from nothing, release | seconds |" "|---|---|" "| skep | $((SECONDS - start)) |" "")
    rm -rf .build-bench
fi
lines+=("| program | MiB |" "|---|---|")
for program in bin/*; do
    lines+=("| $(basename "$program") | $(awk -v size="$(stat -c %s "$program")" 'BEGIN { printf "%.1f", size / 1048576 }') |")
done

# Static like skep itself, and the peers as Debian would build them.
build=(--package-path Benchmarks -c release --static-swift-stdlib -Xswiftc -static-executable)
swift build "${build[@]}"
ours=$(swift build "${build[@]}" --show-bin-path)
peers=Benchmarks/.build/peers
mkdir -p "$peers" docs
for peer in btf-find ring-drain object-load; do gcc -O2 -o "$peers/$peer" "Benchmarks/Peers/$peer.c" -lbpf; done
for object in ring-fill many-programs; do
    "${CLANG:-$(dirname "$(readlink -f "$(command -v swift)")")/clang}" --target=bpf -g -O2 -mcpu=v2 -Iinclude \
        -c "Benchmarks/Peers/$object.bpf.c" -o "$peers/$object.o"
done

# The peer wants a mounted tracefs: in a mount namespace, so that nothing stays.
[ -e /sys/kernel/tracing/events ] || space=(unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing && exec "$@"' sh)
${space[@]+"${space[@]}"} "$ours/bench" bin/skep "$peers" "$ours" "$rounds" docs/benchmarks.md "${lines[@]}"
