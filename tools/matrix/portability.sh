#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# portability.sh - other C libraries, other linkers, and minimal systems: the tests linked statically
# with glibc, and with musl; programs built against an installation with musl; the exports of ld.lld;
# the library without any package, and the command without its optional libraries.
set -eu
. "$(dirname "$0")/../lib.sh"

need_test_packages musl-gcc:musl-tools ld.lld:lld dpkg:dpkg file:file
begin

# ---- glibc, statically linked ------------------------------------------------------------------------
build_tests "$work/static" -DSIMDINET_TESTS_ONE_PROCESS=ON -DCMAKE_PROJECT_INCLUDE="$root/cmake/static.cmake"
for program in simdinet tests/test_parse tests/test_naming; do
    file "$work/static/$program" | grep -q 'statically linked' || fail "static $program"
done
check static "$work/static"

# ---- musl --------------------------------------------------------------------------------------------
build_tests "$work/musl" --toolchain "$root/cmake/musl.cmake" $without_libraries -DCMAKE_INSTALL_LIBDIR=lib
check musl "$work/musl" --exclude-regex '^input$'
skip input "with musl the command is built without libraries that decompress"

prefix=$work/musl-prefix
rm -rf "$prefix" "$work/consumer"
cmake --install "$work/musl" --prefix "$prefix" >"$work/install.output"
cp -R "$root/tests/build/consumer/c" "$work/consumer"
PKG_CONFIG_PATH=$prefix/lib/pkgconfig make -C "$work/consumer" CC=musl-gcc >"$work/make.output" 2>&1 ||
    fail "musl consumers"
for kind in shared static; do
    LD_LIBRARY_PATH=$prefix/lib "$work/consumer/consumer-$kind" >"$work/output" || fail "musl consumer-$kind"
    grep -q '^C .* 2001:db8::1 1$' "$work/output" || fail "musl consumer-$kind"
done
readelf -d "$work/consumer/consumer-shared" | grep -q 'libsimdinet\.so\.0' || fail "musl: shared library"
echo "musl: programs built against an installation, shared and static"

# ---- another linker ----------------------------------------------------------------------------------
exports() {
    nm -D --defined-only "$1/lib/libsimdinet.so" | awk '/@@/ { print $NF }' | sort
}
for linker in bfd lld; do
    build "$work/$linker" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_COMMAND=OFF \
        -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=$linker
    exports "$work/$linker" >"$work/exports-$linker"
done
grep -q '^simdinet_parse_ipv4@@SIMDINET_0' "$work/exports-bfd" || fail "symbol versions"
cmp "$work/exports-bfd" "$work/exports-lld" || fail "exports of ld.bfd and ld.lld"
echo "linkers: ld.bfd and ld.lld export the same $(grep -c . "$work/exports-lld") names"

# ---- no package -------------------------------------------------------------------------------
without="-DCMAKE_DISABLE_FIND_PACKAGE_ZLIB=ON -DCMAKE_DISABLE_FIND_PACKAGE_benchmark=ON
    -DCMAKE_DISABLE_FIND_PACKAGE_Doxygen=ON -DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON
    -DCMAKE_DISABLE_FIND_PACKAGE_Python3=ON"
rm -rf "$work/alone" "$work/plain"
build "$work/alone" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_COMMAND=OFF $without
# Every header that was read is the compiler's or the C library's.
ninja -C "$work/alone" -t deps | sed -n 's/^    \(\/.*\.h\)$/\1/p' | grep -v "^$root/lib/" | sort -u \
    >"$work/headers-read"
[ -s "$work/headers-read" ] || fail "headers read"
xargs realpath <"$work/headers-read" | xargs dpkg -S >"$work/headers-owned" ||
    fail "headers of no package"
foreign=$(grep -Ev '^(libc6-dev|linux-libc-dev|libgcc-[0-9]+-dev|libclang-common-[0-9]+-dev)[:,]' \
    "$work/headers-owned" || true)
[ -z "$foreign" ] || { echo "$foreign"; fail "headers of other packages"; }
echo "library alone: $(wc -l <"$work/headers-read") headers, all of the compiler and the C library"

build "$work/plain" -DCMAKE_BUILD_TYPE=Release $without_libraries $without
if ldd "$work/plain/simdinet" | grep -E 'libz|zstd|lzma|bz2|lz4|pcap|crypto|maxminddb'; then fail "command without libraries"; fi
printf 'from 10.1.2.3 and 10.1.2.3\n' | "$work/plain/simdinet" count >"$work/output"
[ "$(cat "$work/output")" = "      2 10.1.2.3" ] || fail "command without libraries"
echo "command without libraries: $(ldd "$work/plain/simdinet" | awk '{ print $1 }' | xargs)"

finish builds
