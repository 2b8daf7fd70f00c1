#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# install.sh - the tree inside other projects (add_subdirectory, FetchContent), and the Debian packages:
# built twice, bit for bit the same, checked by lintian and hardening-check, and installed, used and purged in
# a minimal Debian, which is created from the mirrors that apt is configured for.
set -eu
. "$(dirname "$0")/../lib.sh"

need_build_packages dpkg-shlibdeps:dpkg-dev lintian:lintian hardening-check:devscripts mmdebstrap:mmdebstrap \
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
# copy_source FOLDER - the tree, without build directories.
copy_source() {
    mkdir -p "$1"
    tar -C "$root" --exclude=./build --exclude='./build-*' --exclude=./.git -cf - . | tar -C "$1" -xf -
}

# build_packages SOURCE BUILD - leaves the packages in BUILD/packages.
build_packages() {
    rm -rf "$2/packages"
    (cd "$1" && cmake --preset debian -B "$2" -DCPACK_PACKAGE_CONTACT="simdinet <test@simdinet.invalid>" &&
        cmake --build "$2" && cpack --config "$2/CPackConfig.cmake" -B "$2/packages") >"$work/output" 2>&1 ||
        { tail -n 60 "$work/output"; die "no packages"; }
    rm -rf "$2/packages/_CPack_Packages"
}
build_packages "$root" "$work/debian"
ls "$work/debian/packages"

# Another folder, another time and another time zone; a second apart at least, for the times in archives.
rm -rf "$work/again"
copy_source "$work/again/of the/source"
sleep 2
(TZ=Asia/Tokyo LC_ALL=C.UTF-8 build_packages "$work/again/of the/source" "$work/again/build")
for package in "$work/debian/packages"/*.deb; do
    cmp "$package" "$work/again/build/packages/${package##*/}" || die "${package##*/} is not reproducible"
done
rm -rf "$work/again"
passed "reproducible: the packages of two builds are the same"

# The scripts that call ldconfig are CMake's.
lintian --allow-root --display-info --pedantic --fail-on error,warning,info,pedantic \
    --suppress-tags maintscript-calls-ldconfig "$work/debian/packages"/*.deb
passed "lintian: no error, warning, information or pedantry"

# Debian's startup files have no mark of control flow integrity, without which no program has it.
rm -rf "$work/unpacked"
for package in libsimdinet0 simdinet; do
    dpkg-deb -x "$work/debian/packages/$package"_*.deb "$work/unpacked"
done
files=$(find "$work/unpacked" -type f \( -path '*/bin/simdinet' -o -name '*.so*' \))
[ "$(echo "$files" | wc -l)" = 3 ] || die "expected 3 binaries: $files"
for file in $files; do
    hardening-check --nocfprotection "$file" >"$work/output" || { cat "$work/output" && die "${file##*/}"; }
    grep -q 'Stack protected: yes' "$work/output" || die "${file##*/} has no stack protector"
    grep -q 'Fortify Source functions: yes' "$work/output" || die "${file##*/} is not fortified"
    ! readelf -d "$file" | grep -q 'R.*PATH' || die "${file##*/} has a search path"
    [ "$(objdump -d "$file" | grep -c endbr)" -gt 10 ] || [ "$(uname -m)" != x86_64 ] ||
        die "${file##*/} is not compiled with -fcf-protection"
done
passed "hardening-check: three binaries"

depends() {
    dpkg-deb -f "$work/debian/packages/$1"_*.deb Depends
}
release=$(dpkg-deb -f "$work/debian/packages"/libsimdinet0_*.deb Version)
depends libsimdinet0 | grep -Eq '^libc6 \(>= [0-9.]+\)$' || die "libsimdinet0: $(depends libsimdinet0)"
depends libsimdinet-dev | grep -qF "libsimdinet0 (= $release)" || die "libsimdinet-dev: dependencies"
for wanted in 'libsimdinet0 (>= ' 'libc6 (>= ' 'zlib1g (>= ' 'libzstd1 (>= ' 'liblzma5 (>= ' libbz2-1.0 'liblz4-1 (>= ' \
    'libpcap0.8 (>= ' 'libssl3 (>= ' 'libmaxminddb0 (>= '; do
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
copy_source "$work/guest/source"
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
