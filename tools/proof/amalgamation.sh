#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# amalgamation.sh - the tests on the library that is one file, simdinet.c as tools/amalgamate writes it,
# compiled with -O2 and no other flag: by gcc and clang, for 64-bit Arm, and with musl.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"

need_test_packages gcc:gcc clang:clang musl-gcc:musl-tools qemu-aarch64-static:qemu-user-static
need_machines aarch64
begin_proof amalgamation
pass_over_the_command
set -- -DCMAKE_BUILD_TYPE=Release -DSIMDINET_AMALGAMATED=ON -DSIMDINET_BUILD_TESTS=ON

for compiler in gcc clang; do
    build "$work/$compiler" "$@" -DCMAKE_C_COMPILER=$compiler
    check $compiler "$work/$compiler"
done
for machine in aarch64 musl; do
    build "$work/$machine" "$@" -DSIMDINET_BUILD_COMMAND=OFF --toolchain "$root/cmake/$machine.cmake"
    check $machine "$work/$machine"
done
end_proof builds
