#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# install.sh - the tree inside other projects (add_subdirectory, FetchContent), and the Debian packages:
# built, checked by lintian, and installed, used and purged in a minimal Debian, which is created from
# the mirrors that apt is configured for.
set -eu
. "$(dirname "$0")/../lib.sh"

need_build_packages dpkg-shlibdeps:dpkg-dev lintian:lintian mmdebstrap:mmdebstrap \
    newuidmap:uidmap readelf:binutils
begin
version=$(sed -n 's/^#define SIMDINET_VERSION_[A-Z]* //p' "$root/lib/include/simdinet.h" | paste -s -d.)
done=0

passed() {
    echo "$1"
    done=$((done + 1))
}

# ---- inside other projects ---------------------------------------------------------------------------
for way in add_subdirectory FetchContent; do
    rm -rf "$work/$way"
    cp -R "$root/tests/build/consumer/c" "$work/$way"
    case $way in
    add_subdirectory) replacement="add_subdirectory($root simdinet)" ;;
    FetchContent) replacement="include(FetchContent)
FetchContent_Declare(simdinet SOURCE_DIR $root)
FetchContent_MakeAvailable(simdinet)" ;;
    esac
    awk -v replacement="$replacement" '/^find_package/ { print replacement; next } { print }' \
        "$root/tests/build/consumer/c/CMakeLists.txt" >"$work/$way/CMakeLists.txt"
    { cmake -S "$work/$way" -B "$work/$way/build" -G Ninja && cmake --build "$work/$way/build"; } \
        >"$work/output" 2>&1 || { cat "$work/output"; die "$way: does not build"; }
    for kind in shared static; do
        [ "$("$work/$way/build/consumer-$kind")" = "C $version 2001:db8::1 1" ] ||
            die "$way: consumer-$kind does not run"
    done
    # Targets of the tests and the command are not added to another project.
    ! ninja -C "$work/$way/build" -t targets all |
        grep -E '^(simdinet_command|reference|loggen|test_parse|package):' || die "$way: too many targets"
    cmake --install "$work/$way/build" --prefix "$work/$way/prefix" >"$work/output"
    [ ! -e "$work/$way/prefix/include/simdinet.h" ] || die "$way: installs files of simdinet"
    passed "$way: builds, shared and static"
done

# ---- the packages ------------------------------------------------------------------------------------
(cd "$root" && cmake --preset debian -B "$work/debian" \
    -DCPACK_PACKAGE_CONTACT="simdinet <test@simdinet.invalid>" &&
    cmake --build "$work/debian") >"$work/output" 2>&1 || { tail -n 60 "$work/output"; die "no packages"; }
rm -rf "$work/debian/packages"
cpack --config "$work/debian/CPackConfig.cmake" -B "$work/debian/packages" >"$work/output" 2>&1 ||
    { tail -n 60 "$work/output"; die "no packages"; }
rm -rf "$work/debian/packages/_CPack_Packages"
ls "$work/debian/packages"

# Not an upload to Debian; the scripts that call ldconfig are CMake's.
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
for wanted in 'libsimdinet0 (>= ' 'libc6 (>= ' 'zlib1g (>= ' 'libzstd1 (>= ' 'liblzma5 (>= ' libbz2-1.0 'liblz4-1 (>= '; do
    depends simdinet | grep -qF "$wanted" || die "simdinet does not depend on $wanted...)"
done
passed "dependencies: $(depends simdinet)"

# ---- a minimal Debian ---------------------------------------------------------------------------
. /etc/os-release
apt-get indextargets --format 'deb $(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
    grep "$VERSION_CODENAME" | sort -u >"$work/sources"
[ -s "$work/sources" ] || die "apt has no Debian mirror; apt-get update may help"
rm -rf "$work/guest"
mkdir -p "$work/guest/packages" "$work/guest/source"
cp "$work/debian/packages"/*.deb "$work/guest/packages"
# The tree, without build directories.
tar -C "$root" --exclude=./build --exclude='./build-*' --exclude=./.git -cf - . |
    tar -C "$work/guest/source" -xf -
chmod -R a+rX "$work/guest"
mmdebstrap --variant=apt --format=null --aptopt='Apt::Install-Recommends "false"' \
    --include=gcc,libc6-dev,cmake,ninja-build,make,pkg-config \
    --customize-hook="copy-in '$work/guest' /srv" \
    --customize-hook='chroot "$1" sh /srv/guest/source/tests/build/scratch_root.sh /srv/guest' \
    "$VERSION_CODENAME" /dev/null "$work/sources" >"$work/root.output" 2>&1 ||
    { tail -n 60 "$work/root.output"; die "the scratch root"; }
sed -n 's/^scratch root: //p' "$work/root.output"
results=$(grep -c '^scratch root: ' "$work/root.output")
[ "$results" = 4 ] || die "the scratch root completed $results of 4 steps"
rm -rf "$work/guest"
echo "cases: 3 packages, $((done + results)) checks, one scratch root"
