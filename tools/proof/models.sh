#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# models.sh - the tests on x86 processors without SSE4.2, AVX, AVX2 or AVX-512, and on one of which the
# operating system saves no AVX register: each chooses the right row. Then what needs the whole
# machine, and so cannot be emulated, with each row named in the environment.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"

if [ "$(uname -m)" != x86_64 ]; then
    echo "skipped: models: this machine is no x86"
    exit 77
fi
need_test_packages qemu-x86_64-static:qemu-user-static
begin_proof models
build "$work/emulated" -DCMAKE_TOOLCHAIN_FILE="$root/cmake/x86_64-emulated.cmake" \
    -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_TESTS=ON -DSIMDINET_BUILD_COMMAND=OFF
build_as_usual

chosen() {
    "$@" "$usual/simdinet" info 2>/dev/null | sed -n 's/^kernel: \([^ ]*\) .*/\1/p'
}

# model NAME QEMU-CPU ROW - the row that it has to choose.
model() {
    name=$1
    QEMU_CPU=$2
    export QEMU_CPU
    row=$(chosen qemu-x86_64-static)
    echo "$name chooses $row"
    if [ "$row" != "$3" ]; then
        echo "$name had to choose $3"
        status=1
    fi
    check "$name" "$work/emulated"
    unset QEMU_CPU
}

model Conroe Conroe scalar
model Nehalem Nehalem sse42
model SandyBridge SandyBridge sse42
model Haswell Haswell avx2
# CPUID still tells of AVX and AVX2, but OSXSAVE is not set: nobody saves their registers.
model Haswell-unsaved Haswell,-xsave sse42

rows=$(rows_here "$usual/simdinet")
for row in $rows; do
    if [ "$(chosen env SIMDINET_IMPLEMENTATION="$row")" != "$row" ]; then
        echo "SIMDINET_IMPLEMENTATION=$row does not choose it"
        status=1
    fi
    SIMDINET_IMPLEMENTATION=$row
    export SIMDINET_IMPLEMENTATION
    check "forced-$row" "$usual" --tests-regex \
        '^(command|format_command|readme|run_cases|test_(faults|get|host|inet|interfaces|naming|resolver|services))'
    unset SIMDINET_IMPLEMENTATION
done
end_proof 'machines and rows'
