#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# sanitizers.sh - the tests under the address and undefined-behaviour sanitizers of gcc and of clang,
# under clang's memory sanitizer, and those that have threads under gcc's thread sanitizer.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"

need_test_packages gcc:gcc clang:clang /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.msan-*.a:libclang-rt-dev
begin_proof sanitizers

# sanitize COMPILER SANITIZERS
sanitize() {
    compiler=$1 name=$1-$(echo "$2" | tr , -)
    left_out=
    libraries=
    if [ "$2" = memory ]; then
        # What a library writes that is not built with this sanitizer seems undefined to it.
        libraries="-DSIMDINET_WITH_ZLIB=OFF -DSIMDINET_WITH_ZSTD=OFF"
        left_out="run_cases.*|test_naming|test_threads|test_faults_(libc|system)"
        echo "skipped: run_cases: the memory sanitizer does not know what jansson has written"
        for name_of_test in test_naming test_threads test_faults_libc test_faults_system; do
            echo "skipped: $name_of_test: the memory sanitizer does not know what if_nameindex has written"
        done
    fi
    if [ "$2" = thread ]; then
        # Twenty times as long for tests in which there is one thread shows nothing.
        left_out="exhaustive|replay_.*|run_cases.*|format_command|readme"
        left_out="$left_out|test_(byteorder|column|conformance|cpu|explain|format|get|inet|lines|parse|scan).*"
        echo "skipped: thread sanitizer: tests in which there is one thread"
    fi
    build "$work/$name" -DCMAKE_C_COMPILER="$compiler" -DSIMDINET_SANITIZE="$2" $libraries \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSIMDINET_BUILD_TESTS=ON
    check "$name" "$work/$name" --exclude-regex "^(${left_out:-none})$"
}

sanitize gcc address,undefined
sanitize gcc undefined # with the loads that ship, which the address sanitizer changes
sanitize clang address,undefined
sanitize clang memory
sanitize gcc thread
end_proof builds
