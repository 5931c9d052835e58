#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fetches the kernels that guests boot: one Debian cloud kernel per series, with the few modules the checks need.
# Uses an apt of its own under .build-guests/apt, so the machine's package lists are neither read nor changed.
# Leaves .build-guests/kernels/SERIES/{release,vmlinuz,modules/order,modules/*.ko}. Safe to run again: what is there stays.
set -euo pipefail
cd "$(dirname "$0")/../.."

guests=$PWD/.build-guests
kernels=$guests/kernels
mirror=${SKEP_DEBIAN_MIRROR:-http://deb.debian.org}
series_wanted="5.10 6.1 6.12 newest"
modules_wanted="veth dummy tun sch_ingress cls_bpf act_bpf sch_fq bpf_testmod"

say() { printf 'guest kernels: %s\n' "$*" >&2; }

[ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] || { say "only Debian on amd64 is supported"; exit 1; }
for tool in apt-get apt-cache dpkg-deb xz; do
    command -v "$tool" >/dev/null || { say "'$tool' is missing"; exit 1; }
done

missing=
for series in $series_wanted; do [ -s "$kernels/$series/release" ] || missing+=" $series"; done
[ -n "$missing" ] || exit 0

apt=$guests/apt
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$kernels"
cat >"$apt/sources.list" <<END
deb $mirror/debian-security bullseye-security main
deb $mirror/debian-security bookworm-security main
deb $mirror/debian trixie-backports main
END
options=(
    -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o Acquire::Languages=none
    -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o APT::Sandbox::User=root
)
apt-get "${options[@]}" -q update >"$apt/update.log" 2>&1 || say "some package lists could not be had, see $apt/update.log"
apt-cache "${options[@]}" pkgnames linux- >"$apt/packages"
sed -n 's/^linux-image-\([0-9].*\)-cloud-amd64$/\1/p' "$apt/packages" \
    | grep -Ev '^[0-9]+\.[0-9]+$|deb11' | sort -V >"$apt/releases" || true

# The modules a module needs, from the text the kernel build stores in it.
dependencies() { tr '\0' '\n' <"$1" | sed -n 's/^depends=//p' | tr ',' ' '; }

# Unpacks module $2 of the tree $1 into $3, after those it needs. A module that is built in or absent is left out.
add_module() {
    local tree=$1 name=$2 into=$3 file dependency
    [ ! -e "$into/$name.ko" ] || return 0
    file=$(find "$tree" -name "$name.ko*" -print -quit)
    [ -n "$file" ] || return 0
    case $file in
        *.xz) xz -dc "$file" >"$into/$name.ko" ;;
        *.zst) zstd -qdc "$file" >"$into/$name.ko" ;;
        *) cp "$file" "$into/$name.ko" ;;
    esac
    for dependency in $(dependencies "$into/$name.ko"); do add_module "$tree" "$dependency" "$into"; done
    echo "$name.ko" >>"$into/order"
}

for series in $missing; do
    if [ "$series" = newest ]; then
        release=$(tail -n 1 "$apt/releases")
    else
        release=$(grep -E "^${series//./\\.}\\." "$apt/releases" | tail -n 1 || true)
    fi
    [ -n "$release" ] || { say "no $series kernel is offered by $mirror"; continue; }
    say "fetching $release"
    work=$(mktemp -d "$guests/unpack.XXXXXX")
    # Since 7.0 the image package is an empty one that depends on one for the kernel and one for its modules, and the
    # kernel lies in /usr/lib/modules/RELEASE/ instead of /boot.
    packages=$(printf "linux-%s-$release-cloud-amd64\n" image binary modules | grep -Fxf "$apt/packages")
    if ! (cd "$work" && apt-get "${options[@]}" -q download $packages >download.log 2>&1); then
        say "$release could not be downloaded: $(tail -n 1 "$work/download.log")"
        rm -rf "$work"
        continue
    fi
    for package in "$work"/*.deb; do dpkg-deb -x "$package" "$work/tree"; done
    image=$(find "$work/tree" -type f -name 'vmlinuz*' -print -quit)
    if [ -z "$image" ]; then
        say "the packages of $release hold no vmlinuz"
        rm -rf "$work"
        continue
    fi
    rm -rf "${kernels:?}/$series"
    mkdir -p "$kernels/$series/modules"
    mv "$image" "$kernels/$series/vmlinuz"
    : >"$kernels/$series/modules/order"
    for module in $modules_wanted; do add_module "$work/tree" "$module" "$kernels/$series/modules"; done
    rm -rf "$work"
    echo "$release" >"$kernels/$series/release" # last: its presence says the kernel is complete
done
