#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# builds.sh - the tests of what gcc and clang make of the source without optimisation, with all of it,
# and across files at link time, where plain char is signed and where it is not. (tools/test.sh itself
# is the build with -O3 and the machine's own char.)
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"

need_test_packages gcc:gcc clang:clang ld.lld:lld
begin_proof builds
pass_over_the_command

# made NAME COMPILER FLAGS [CMAKE-ARGUMENT ...] - CUT_STEP thins the one test that takes a minute.
made() {
    name=$1 compiler=$2 flags=$3
    shift 3
    build "$work/$name" -DCMAKE_C_COMPILER="$compiler" -DCMAKE_C_FLAGS="$flags -DCUT_STEP=61" \
        -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_TESTS=ON "$@"
    check "$name" "$work/$name"
}

made gcc-O0-signed gcc -fsigned-char -DCMAKE_C_FLAGS_RELEASE=-O0 -DSIMDINET_TESTS_SLOW=ON
made gcc-O3-unsigned gcc -funsigned-char
made gcc-lto-signed gcc -fsigned-char -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON
made clang-O0-unsigned clang -funsigned-char -DCMAKE_C_FLAGS_RELEASE=-O0 -DSIMDINET_TESTS_SLOW=ON
made clang-O3-signed clang -fsigned-char
made clang-lto-unsigned clang -funsigned-char -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON \
    -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=lld \
    -DCMAKE_MODULE_LINKER_FLAGS=-fuse-ld=lld
end_proof builds
