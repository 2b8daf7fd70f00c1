#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# builds.sh - gcc and clang without optimisation, with -O3 and with link-time optimisation, where plain
# char is signed and where it is not. (tools/test.sh itself is -O3 with the machine's own char.)
set -eu
. "$(dirname "$0")/../lib.sh"

need_test_packages gcc:gcc clang:clang ld.lld:lld
begin

# compile LABEL COMPILER FLAG [CMAKE-ARGUMENT ...]
compile() {
    label=$1 compiler=$2 flag=$3
    shift 3
    build_and_check "$label" -DCMAKE_C_COMPILER="$compiler" -DCMAKE_C_FLAGS="$flag" "$@"
}

exclude_command "the builds with link-time optimisation run them"
compile gcc-O0-signed gcc -fsigned-char -DCMAKE_C_FLAGS_RELEASE=-O0
compile gcc-O3-unsigned gcc -funsigned-char
compile clang-O0-unsigned clang -funsigned-char -DCMAKE_C_FLAGS_RELEASE=-O0
compile clang-O3-signed clang -fsigned-char
excluded_labels=tree
compile gcc-lto-signed gcc -fsigned-char -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON
compile clang-lto-unsigned clang -funsigned-char -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON \
    -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=lld \
    -DCMAKE_MODULE_LINKER_FLAGS=-fuse-ld=lld
finish builds
