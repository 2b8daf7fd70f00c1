#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# coverage.sh - the lines and branches that the tests reach, counted by gcov and reported by gcovr.
#
# Built without optimisation, so that a branch is one of the source. Each implementation is reported
# separately, since they share headers; NEON runs under qemu-user.
set -eu
. "$(dirname "$0")/../lib.sh"

CC=gcc
export CC
need_test_packages gcov:gcc gcovr:gcovr
begin

# build_counted DIRECTORY [CMAKE-ARGUMENT ...] - with counters set to zero.
build_counted() {
    build_tests "$@" -DSIMDINET_COVERAGE=ON
    find "$1" -name '*.gcda' -exec rm -f {} +
}

# report LABEL MINIMUM OBJECTS ... - of directories or object files; MINIMUM in per cent.
report() {
    label=$1 minimum=$2
    shift 2
    rm -rf "$work/objects"
    mkdir -p "$work/objects"
    cp -R "$@" "$work/objects"
    gcovr --config "$root/gcovr.cfg" --root "$root" --gcov-executable "${gcov:-gcov}" --branches \
        --fail-under-line "$minimum" --fail-under-branch "$minimum" "$work/objects" \
        >"$work/$label.txt" 2>"$work/$label.errors" || fail "$label" "$work/$label.errors"
    grep '^[a-z]*/.*%' "$work/$label.txt" | grep -v ' 100%' || true
    share=$(sed -n 's/^branches: \([0-9.]*\)% .*/\1/p' "$work/$label.txt")
    figures=${figures:+$figures, }"$label $share %"
}

build_counted "$work/here"
# Programs of the distribution that load the interposer cannot write counters.
skip coverage "the interposer, and tests that read sources or build other programs"
check here "$work/here" -E '^(layering|install|reference|preload.*)$'
if [ "$(uname -m)" = x86_64 ]; then
    need_packages qemu-aarch64-static:qemu-user-static
    # A processor whose CPUID has leaf 1 only, which is not made any more.
    oldest=$(qemu-x86_64-static -cpu qemu64,level=1,xlevel=0x80000000 "$work/here/simdinet" info </dev/null)
    echo "$oldest" | grep -q ': scalar ' || fail "a processor without features: $oldest"
fi
lib=$work/here/lib/CMakeFiles/simdinet_objects.dir
for implementation in $("$work/here/simdinet" info | awk '$2 == "yes" && $3 ~ /yes|no/ { print $1 }'); do
    object=$(ls "$lib"/kernels/*/"$implementation.c.gcno")
    if [ -e "${object%.gcno}.gcda" ]; then
        report "$implementation" 100 "${object%.gcno}".gc*
    else
        skip "coverage of $implementation" "it does not run on this machine"
    fi
done
report dispatch 100 "$lib/kernels"/*.gc*
report engine 100 "$lib/engine"
report socket 90 "$lib/socket"
report cli 90 "$(dirname "$(find "$work/here" -path '*simdinet_command.dir*' -name main.c.gcno)")"

if [ "$(uname -m)" = x86_64 ]; then
    need_machines aarch64
    build_counted "$work/arm" -DCMAKE_TOOLCHAIN_FILE="$root/cmake/aarch64.cmake" -DSIMDINET_BUILD_COMMAND=OFF
    skip coverage "on Arm, the tests of the socket functions and of generated tables"
    check arm "$work/arm" -E 'getaddrinfo|getnameinfo|services|tables'
    gcov=aarch64-linux-gnu-gcov
    report neon 100 "$work/arm/lib/CMakeFiles/simdinet_objects.dir/kernels/arm"
fi
finish_with "branches reached: $figures"
