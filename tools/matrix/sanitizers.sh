#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# sanitizers.sh - the address and undefined-behaviour sanitizers of gcc and of clang, clang's memory
# sanitizer, and gcc's thread sanitizer for the tests that have threads.
set -eu
. "$(dirname "$0")/../lib.sh"

need_test_packages gcc:gcc clang:clang /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.msan-*.a:libclang-rt-dev
begin

sanitize() { # sanitize COMPILER SANITIZERS [EXCLUDED-TESTS [CMAKE-ARGUMENT ...]]
    compiler=$1 sanitizers=$2 excluded=${3-none} name=$1-$(echo "$2" | tr , -)
    [ $# -lt 3 ] || shift
    shift 2
    build_tests "$work/$name" -DCMAKE_C_COMPILER="$compiler" -DSIMDINET_SANITIZE="$sanitizers" \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo "$@"
    check "$name" "$work/$name" --exclude-regex "^($excluded)$"
}

sanitize gcc address,undefined
exclude_command "each sanitizer has one build that runs them"
sanitize gcc undefined # with the loads that ship, which the address sanitizer replaces
sanitize clang address,undefined
excluded_labels=tree
# Memory written by a library that is not built with this sanitizer is uninitialised to it.
sanitize clang memory 'run_cases.*|test_naming|test_threads|test_faults_(libc|system)' \
    $without_libraries
skip run_cases "the memory sanitizer does not see what jansson has written"
for name in test_naming test_threads test_faults_libc test_faults_system; do
    skip $name "the memory sanitizer does not see what if_nameindex has written"
done
single='byteorder|column|conformance|cpu|dispatch|explain|format|get|inet|limits|lines|network|parse|scan|stack'
command='anonymize_reference|broken_output|capture|cli|cli_errors|defanged|extract|format|labels|mmdb|networks.*|parse|real_text|round_trips'
sanitize gcc thread "exhaustive|replay_.*|run_cases.*|$command|shared_libraries|test_($single).*"
skip "thread sanitizer" "tests with a single thread"
finish builds
