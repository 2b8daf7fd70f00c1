#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# amalgamation.sh - the tests on simdinet.c as tools/amalgamate writes it, compiled with -O2 and no
# other flag: by gcc and clang, for 64-bit Arm, and with musl.
set -eu
. "$(dirname "$0")/../lib.sh"

need_test_packages gcc:gcc clang:clang musl-gcc:musl-tools qemu-aarch64-static:qemu-user-static
need_machines aarch64
begin
# The command reaches the library by its public functions, whose tests run here.
for compiler in gcc clang; do
    build_and_check $compiler -DSIMDINET_AMALGAMATED=ON -DSIMDINET_BUILD_COMMAND=OFF -DCMAKE_C_COMPILER=$compiler
done
for machine in aarch64 musl; do
    build_and_check $machine -DSIMDINET_AMALGAMATED=ON -DSIMDINET_BUILD_COMMAND=OFF \
        --toolchain "$root/cmake/$machine.cmake"
done
finish builds
