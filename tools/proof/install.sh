#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# install.sh - the tree inside other projects (add_subdirectory, FetchContent), and the Debian packages:
# built, read by lintian, and installed, used and purged in a Debian of their own that holds nothing
# else. That one is made of packages from the mirrors that apt knows here.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"

need_build_packages dpkg-shlibdeps:dpkg-dev lintian:lintian mmdebstrap:mmdebstrap \
    newuidmap:uidmap readelf:binutils
begin_proof install
version=$(sed -n 's/^#define SIMDINET_VERSION_[A-Z]* //p' "$root/lib/include/simdinet.h" | paste -s -d.)
done=0

passed() {
    echo "$1"
    done=$((done + 1))
}

# ---- inside other projects ---------------------------------------------------------------------------
for way in add_subdirectory FetchContent; do
    rm -rf "$work/$way"
    cp -R "$root/tests/consumer/c" "$work/$way"
    case $way in
    add_subdirectory) takes="add_subdirectory($root simdinet)" ;;
    FetchContent) takes="include(FetchContent)
FetchContent_Declare(simdinet SOURCE_DIR $root)
FetchContent_MakeAvailable(simdinet)" ;;
    esac
    awk -v takes="$takes" '/^find_package/ { print takes; next } { print }' \
        "$root/tests/consumer/c/CMakeLists.txt" >"$work/$way/CMakeLists.txt"
    { cmake -S "$work/$way" -B "$work/$way/build" -G Ninja && cmake --build "$work/$way/build"; } \
        >"$work/output" 2>&1 || { cat "$work/output"; die "$way: does not build"; }
    for kind in shared static; do
        [ "$("$work/$way/build/consumer-$kind")" = "C $version 2001:db8::1 1" ] ||
            die "$way: consumer-$kind does not run"
    done
    # Guests do not bring their own furniture.
    ! ninja -C "$work/$way/build" -t targets all |
        grep -E '^(simdinet_command|reference|loggen|test_parse|package):' || die "$way: too many targets"
    cmake --install "$work/$way/build" --prefix "$work/$way/prefix" >"$work/output"
    [ ! -e "$work/$way/prefix/include/simdinet.h" ] || die "$way: installs what is not its own"
    passed "$way: builds, shared and static"
done

# ---- the packages ------------------------------------------------------------------------------------
(cd "$root" && cmake --preset debian -B "$work/debian" \
    -DCPACK_PACKAGE_CONTACT="simdinet proof <proof@simdinet.invalid>" &&
    cmake --build "$work/debian") >"$work/output" 2>&1 || { tail -n 60 "$work/output"; die "no packages"; }
rm -rf "$work/debian/packages"
cpack --config "$work/debian/CPackConfig.cmake" -B "$work/debian/packages" >"$work/output" 2>&1 ||
    { tail -n 60 "$work/output"; die "no packages"; }
rm -rf "$work/debian/packages/_CPack_Packages"
ls "$work/debian/packages"

# This is no upload to Debian, and the scripts that call ldconfig are CMake's.
lintian --allow-root --fail-on error,warning \
    --suppress-tags initial-upload-closes-no-bugs,maintscript-calls-ldconfig \
    "$work/debian/packages"/*.deb
passed "lintian: no error, no warning"

depends() {
    dpkg-deb -f "$work/debian/packages/$1"_*.deb Depends
}
release=$(dpkg-deb -f "$work/debian/packages"/libsimdinet0_*.deb Version)
depends libsimdinet0 | grep -Eq '^libc6 \(>= [0-9.]+\)$' || die "libsimdinet0: $(depends libsimdinet0)"
depends libsimdinet-dev | grep -qF "libsimdinet0 (= $release)" || die "libsimdinet-dev: dependencies"
for wanted in 'libsimdinet0 (>= ' 'libc6 (>= ' 'zlib1g (>= ' 'libzstd1 (>= '; do
    depends simdinet | grep -qF "$wanted" || die "simdinet does not depend on $wanted...)"
done
passed "dependencies: $(depends simdinet)"

# ---- a Debian of their own ---------------------------------------------------------------------------
. /etc/os-release
apt-get indextargets --format 'deb $(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
    grep "$VERSION_CODENAME" | sort -u >"$work/sources"
[ -s "$work/sources" ] || die "apt knows no mirror of Debian's; apt-get update may help"
rm -rf "$work/bring"
mkdir -p "$work/bring/packages" "$work/bring/source"
cp "$work/debian/packages"/*.deb "$work/bring/packages"
# The tree as it stands here, without what was built in it.
tar -C "$root" --exclude=./build --exclude='./build-*' --exclude=./.git -cf - . |
    tar -C "$work/bring/source" -xf -
chmod -R a+rX "$work/bring"
mmdebstrap --variant=apt --format=null --aptopt='Apt::Install-Recommends "false"' \
    --include=gcc,libc6-dev,cmake,ninja-build,make,pkg-config \
    --customize-hook="copy-in '$work/bring' /srv" \
    --customize-hook='chroot "$1" sh /srv/bring/source/tests/scratch_root.sh /srv/bring' \
    "$VERSION_CODENAME" /dev/null "$work/sources" >"$work/root.output" 2>&1 ||
    { tail -n 60 "$work/root.output"; die "the scratch root"; }
sed -n 's/^scratch root: //p' "$work/root.output"
said=$(grep -c '^scratch root: ' "$work/root.output")
[ "$said" = 4 ] || die "the scratch root did $said of 4 things"
rm -rf "$work/bring"
echo "cases: 3 packages, $((done + said)) checks, one scratch root"
