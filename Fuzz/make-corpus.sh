#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: Fuzz/make-corpus.sh FOLDER
# Writes a seed corpus, one folder a fuzzer: small objects of both byte orders, compiled from the sources in Fuzz/Seeds, and
# their sections. Fuzzing grows the folders; a crash is kept as a test, not here.
set -euo pipefail
cd "$(dirname "$0")"
corpus=${1:?usage: make-corpus.sh FOLDER}
toolchain=$(dirname "$(readlink -f "$(command -v swift)")")
clang=${CLANG:-$toolchain/clang}
objcopy=$toolchain/llvm-objcopy

mkdir -p "$corpus"/{elf,btf,dwarf,extension,core,object,link}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The two bytes that FuzzInput.parts expects before a part; parts of 64 KiB and more are no seeds.
part() {
    local size
    size=$(stat -c %s "$1")
    [ "$size" -lt 65536 ] || return 1
    printf "\\x$(printf %02x $((size & 255)))\\x$(printf %02x $((size >> 8)))"
    cat "$1"
}

for source in Seeds/*.bpf.c; do
    for target in bpfel bpfeb; do
        name=$(basename "$source" .bpf.c).$target
        object=$work/$name.o
        "$clang" --target="$target" -g -O2 -mcpu=v2 -I../include -c "$source" -o "$object"
        cp "$object" "$corpus/dwarf/$name"
        cp "$object" "$corpus/elf/$name"
        "$toolchain/llvm-objcopy" --strip-debug "$object" "$corpus/object/$name"
        "$objcopy" --dump-section .BTF="$work/$name.btf" --dump-section .BTF.ext="$work/$name.ext" "$object" "$work/rest"
        cp "$work/$name.btf" "$corpus/btf/$name"
        { part "$work/$name.btf" && cat "$work/$name.ext"; } >"$corpus/extension/$name"
        # The object's own types, spoken of as another's: every relocation finds itself.
        { part "$work/$name.btf" && part "$work/$name.ext" && cat "$work/$name.btf"; } >"$corpus/core/$name"
        # An object linked with itself, its types put together with themselves, and as the kernel that it runs on.
        { part "$corpus/object/$name" && cat "$corpus/object/$name"; } >"$corpus/link/$name.object"
        { part "$work/$name.btf" && cat "$work/$name.btf"; } >"$corpus/link/$name.types"
        { part "$work/$name.btf" && cat "$corpus/object/$name"; } >"$corpus/link/$name.kernel"
    done
done
# A file of another kind with dynamic symbols, notes and segments.
printf 'int main(void) { return 0; }\n' >"$work/main.c"
"$clang" -g -O1 -Wl,--build-id "$work/main.c" -o "$corpus/elf/executable" 2>/dev/null || cp /bin/true "$corpus/elf/executable"
