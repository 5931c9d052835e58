#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: packages.sh build|test|bench
# Makes sure that this machine has a Swift toolchain and the Debian packages that the named job needs. As root it installs
# what is missing; otherwise it prints the command to run. Ends with 1 when the job cannot go on without them.
set -euo pipefail

job=${1:-build}
say() { printf '%s\n' "$*" >&2; }

# What swift build needs to link a static program, what the guests and the differential tests need, and the peers that
# the benchmarks compare with. (g++ brings gcc, the linker, libc6-dev and the libstdc++ of the release.)
needed=(g++ libc6-dev linux-libc-dev git make ca-certificates)
useful=()
case $job in
    build) ;;
    test) useful=(qemu-system-x86 bpftool xz-utils zstd busybox-static debian-archive-keyring iproute2) ;;
    bench) needed+=(libbpf-tools libbpf-dev libelf-dev zlib1g-dev) ;;
    *) say "usage: packages.sh build|test|bench"; exit 2 ;;
esac

if [ "$(uname -s)" != Linux ]; then
    say "Skep needs Linux: eBPF is a part of its kernel."
    exit 1
fi

swift=$(command -v swift || true)
if [ -z "$swift" ]; then
    say "A Swift toolchain is missing. Install Swift 6.3 or newer from https://www.swift.org/install/linux/ and put its"
    say "usr/bin folder on PATH:  export PATH=/path/to/swift/usr/bin:\$PATH"
    exit 1
fi

# A toolchain from a tarball brings no packages: map the shared libraries that it misses to the packages that have them.
toolchain=$(dirname "$(readlink -f "$swift")")
while read -r library; do
    case $library in
        libcurl.so.4) needed+=(libcurl4) ;;
        libsqlite3.so.0) needed+=(libsqlite3-0) ;;
        libxml2.so.2) needed+=(libxml2) ;;
        libz3.so.4) needed+=(libz3-4) ;;
        libncurses.so.6 | libtinfo.so.6) needed+=(libncurses6) ;;
        libedit.so.2) needed+=(libedit2) ;;
        libuuid.so.1) needed+=(libuuid1) ;;
        libstdc++.so.6) needed+=(libstdc++6) ;;
        libz.so.1) needed+=(zlib1g) ;;
        *) say "The Swift toolchain misses the shared library $library." ;;
    esac
done < <(for program in swift-build swift-frontend swift-test clang lld; do
    [ ! -e "$toolchain/$program" ] || ldd "$toolchain/$program" 2>/dev/null | awk '/not found/ {print $1}'
done | sort -u)

# "6.3" or newer, by the first number that follows the word version; asked only now, since it may need the libraries.
check_swift_version() {
    local version
    version=$(swift --version 2>&1 | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    if [ -z "$version" ]; then
        say "'swift --version' does not work: $(swift --version 2>&1 | head -n 1)"
        exit 1
    fi
    if [ "$(printf '%s\n6.3\n' "$version" | sort -V | head -n 1)" != 6.3 ]; then
        say "Swift $version is too old: Skep needs 6.3 or newer, from https://www.swift.org/install/linux/."
        exit 1
    fi
}

# The compiler of kernel code: the toolchain's own clang, unless the caller names another.
check_clang() {
    local clang=${CLANG:-$toolchain/clang}
    [ -x "$(command -v "$clang" || true)" ] || clang=$(command -v clang || true)
    if [ -z "$clang" ] || ! "$clang" --print-targets 2>/dev/null | grep -q '^ *bpf '; then
        say "No clang that compiles for BPF was found beside swift or on PATH; set CLANG=/path/to/clang, or: apt-get install clang"
        exit 1
    fi
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "This is not Debian, so nothing is installed; on Debian the packages are: ${needed[*]} ${useful[*]}"
    check_swift_version
    check_clang
    exit 0
fi

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
missing=()
required=
for package in "${needed[@]}"; do installed "$package" || { missing+=("$package"); required=yes; }; done
for package in "${useful[@]}"; do installed "$package" || missing+=("$package"); done

if [ ${#missing[@]} -gt 0 ]; then
    command="apt-get install --no-install-recommends ${missing[*]}"
    if [ "$(id -u)" = 0 ]; then
        say "Installing Debian packages: ${missing[*]}"
        export DEBIAN_FRONTEND=noninteractive
        log=$(mktemp)
        if ! { apt-get install -q -y --no-install-recommends "${missing[@]}" \
            || { apt-get -q update && apt-get install -q -y --no-install-recommends "${missing[@]}"; }; } >"$log" 2>&1 </dev/null
        then
            tail -n 5 "$log" >&2
            rm -f "$log"
            say "The packages could not be installed; try it by hand:  $command"
            [ -z "$required" ] || exit 1
        fi
        rm -f "$log"
    else
        say "Debian packages are missing. As root, run:  $command"
        [ -z "$required" ] || exit 1
        say "Going on without them: the tests that need them are skipped."
    fi
fi
check_swift_version
check_clang
