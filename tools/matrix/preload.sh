#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# preload.sh - the interposer under programs of the distribution, each call compared with the C library:
# with each implementation, CPython's own socket tests, under valgrind, and on other machines.
set -eu
. "$(dirname "$0")/../lib.sh"

need_test_packages valgrind:valgrind qemu-s390x-static:qemu-user-static
python=$(/usr/bin/python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
need_packages "/usr/lib/$python/test/test_socket.py:lib$python-testsuite"
need_machines aarch64 s390x i686
begin
build_default
library=$default/libsimdinet_preload.so
calls=$default/tests/preload_calls

check programs "$default" --tests-regex '^preload_programs$'
all=$(implementations "$default/simdinet")
for implementation in $all; do
    SIMDINET_IMPLEMENTATION=$implementation check "$implementation" "$default" --tests-regex '^preload$'
done

check suite "$default" -C full --tests-regex '^preload_suite$'
sed -n 's/^\(test_socket: .*\)$/\1/p' "$work/suite.log"

# No invalid access and no leak, with and without the comparison.
build "$work/exact" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_EXACT_LOADS=ON -DSIMDINET_BUILD_COMMAND=OFF
for what in all threads fork; do
    for value in 0 "$work/valgrind.log"; do
        LD_PRELOAD=$work/exact/libsimdinet_preload.so SIMDINET_PRELOAD_CHECK=$value \
            valgrind --quiet --error-exitcode=9 --leak-check=full \
            --errors-for-leak-kinds=definite,indirect,possible "$calls" "$what" \
            >/dev/null 2>"$work/valgrind.output" </dev/null ||
            fail "valgrind: preload_calls $what" "$work/valgrind.output"
    done
    echo "valgrind: preload_calls $what, alone and compared"
done
# One report per run, and one of the forked child.
[ "$(grep -c ', 0 differences' "$work/valgrind.log")" = 4 ] || status=1
! grep 'difference in' "$work/valgrind.log" || status=1

# machine NAME EMULATOR - other word sizes, byte orders and symbol versions of libc.
machine() {
    build "$work/$1" -DCMAKE_TOOLCHAIN_FILE="$root/cmake/$1.cmake" -DCMAKE_BUILD_TYPE=Release \
        -DSIMDINET_BUILD_COMMAND=OFF
    "$1-linux-gnu-gcc" -std=c11 -O2 -D_GNU_SOURCE -I"$root/tests" \
        "$root/tests/preload/preload_calls.c" -o "$work/$1/calls"
    libraries=/usr/$1-linux-gnu/lib
    loader=$(ls "$libraries"/ld*.so.[12])
    for what in all fork; do
        # shellcheck disable=SC2086 # words
        $2 "$loader" --library-path "$libraries" "$work/$1/calls" $what >"$work/alone" </dev/null &&
            SIMDINET_PRELOAD_CHECK=$work/$1.log $2 "$loader" --library-path "$libraries" \
                --preload "$work/$1/libsimdinet_preload.so" "$work/$1/calls" $what \
                >"$work/compared" </dev/null &&
            cmp "$work/alone" "$work/compared" || status=1
    done
    echo "$1: $(sed -n '1s/^simdinet: \(.*\) (.*/\1/p' "$work/$1.log")"
    ! grep 'difference in' "$work/$1.log" || status=1
    [ "$(grep -c ', 0 differences' "$work/$1.log")" = 3 ] || status=1
}

machine aarch64 qemu-aarch64-static
machine s390x qemu-s390x-static
if [ "$(uname -m)" = x86_64 ]; then
    machine i686 'qemu-i386-static -cpu max'
else
    skip "32-bit x86" "this machine is not x86-64"
fi

# The compared calls, as the tests and the reports under valgrind count them.
sed -n 's/^.*\(checked: .*\)$/\1/p' "$work"/*.log
compared=$(sed -n -e 's/^.*checked: .*: \([0-9]*\) calls, 0 differences$/\1/p' \
    -e 's/^simdinet: \([0-9]*\) calls* checked, 0 differences.*$/\1/p' "$work"/*.log |
    awk '{ calls += $1 } END { printf "%d", calls }')
[ "$(grep -c 'checked: .*, 0 differences$' "$work/programs.log")" -ge 8 ] || status=1
finish_with "$compared calls compared with the C library's"
