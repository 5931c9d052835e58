#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the programs into bin/, and the services and the headers they are compiled with into share/skep/.
set -euo pipefail
cd "$(dirname "$0")/../.."

Tools/scripts/packages.sh build
# Without the symbols, which are over half of the file.
flags=(-c release --static-swift-stdlib -Xswiftc -static-executable -Xlinker --strip-all)
swift build "${flags[@]}" --product skep
programs=$(swift build "${flags[@]}" --show-bin-path)

# Renamed into place, so that a running skep keeps its file; untouched when nothing changed, so that services stay current.
mkdir -p bin share/skep/services
if ! cmp -s "$programs/skep" bin/skep; then
    cp "$programs/skep" bin/.skep.new
    mv bin/.skep.new bin/skep
fi

if [ -d include ]; then
    rm -rf share/skep/include
    cp -R include share/skep/include
fi

failed=
for source in services/*/*.bpf.c; do
    [ -e "$source" ] || continue
    name=$(basename "$source" .bpf.c)
    object=share/skep/services/$name.o
    [ "$object" -nt "$source" ] && [ "$object" -nt bin/skep ] && continue
    bin/skep build "$source" -o "$object" || failed+=" $name"
done
[ -z "$failed" ] || { echo "These services did not build:$failed" >&2; exit 1; }
