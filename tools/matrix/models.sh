#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# models.sh - x86 processors without SSE4.2, AVX, AVX2 or AVX-512, and one on which the operating system
# does not save AVX registers, by qemu-user: each selects the right implementation and passes the tests
# that loop over the implementations, with fewer random texts: an instruction that the processor does not
# have is in their code, whatever the text. Then what uses the implementation that was selected, with each
# set in the environment.
set -eu
. "$(dirname "$0")/../lib.sh"

need_x86_64
need_test_packages qemu-x86_64-static:qemu-user-static
begin
build_tests "$work/emulated" -DCMAKE_TOOLCHAIN_FILE="$root/cmake/x86_64-emulated.cmake" -DSIMDINET_BUILD_COMMAND=OFF
build_default

# expect WHAT IMPLEMENTATION COMMAND ... - what the command line tool selects.
expect() {
    what=$1 expected=$2
    shift 2
    selected=$("$@" "$default/simdinet" info 2>/dev/null </dev/null |
        sed -n 's/^[a-z]*: \([a-z0-9]*\) (.*/\1/p' | head -n 1)
    echo "$what selects $selected"
    [ "$selected" = "$expected" ] || fail "$what must select $expected"
}

model() { # model NAME QEMU-CPU IMPLEMENTATION
    export QEMU_CPU=$2
    expect "$1" "$3" qemu-x86_64-static
    SIMDINET_BRIEF=1 check "$1" "$work/emulated" --label-regex '^implementation$'
    unset QEMU_CPU
}

model Conroe Conroe scalar
model Nehalem Nehalem sse42
model SandyBridge SandyBridge sse42
model Haswell Haswell avx2
# CPUID reports AVX and AVX2, but OSXSAVE is not set.
model Haswell-unsaved Haswell,-xsave sse42

all=$(implementations "$default/simdinet")
for implementation in $all; do
    export SIMDINET_IMPLEMENTATION=$implementation
    expect "SIMDINET_IMPLEMENTATION=$implementation" "$implementation" env
    SIMDINET_RANDOM_CALLS=50000 check "forced-$implementation" "$default" --tests-regex \
        '^(cli|cli_logs|count|extract|format|grep|parse|run_cases.*|test_(get.*|inet|naming))$'
    unset SIMDINET_IMPLEMENTATION
done
finish 'machines and implementations'
