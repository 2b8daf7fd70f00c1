#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# preload.sh - the drop-in under programs of the distribution, each of its calls compared with the C
# library: on each row, with CPython's own tests of sockets, under valgrind, and on other machines.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"

need_test_packages valgrind:valgrind qemu-s390x-static:qemu-user-static
python=$(/usr/bin/python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
need_packages "/usr/lib/$python/test/test_socket.py:lib$python-testsuite"
need_machines aarch64 s390x i686
begin_proof preload
build_as_usual
library=$usual/libsimdinet_preload.so
calls=$usual/tests/preload_calls

check programs "$usual" --tests-regex '^preload_programs$'
rows=$(rows_here "$usual/simdinet")
for row in $rows; do
    SIMDINET_IMPLEMENTATION=$row check "$row" "$usual" --tests-regex '^preload$'
done

python3 "$root/tests/test_preload_suite.py" "$library" "$root/tests/fixture/run.sh" \
    >"$work/suite.log" 2>&1 </dev/null || { cat "$work/suite.log" && status=1; }
sed -n 's/^[0-9]* tests, of which/test_socket: &/p' "$work/suite.log"

# The answers, their comparison and the threads' ends: no byte is read or freed that must not be, and
# none is lost.
build "$work/exact" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_EXACT_LOADS=ON -DSIMDINET_BUILD_COMMAND=OFF
for what in all threads fork; do
    for value in 0 "$work/valgrind.log"; do
        LD_PRELOAD=$work/exact/libsimdinet_preload.so SIMDINET_PRELOAD_CHECK=$value \
            valgrind --quiet --error-exitcode=9 --leak-check=full \
            --errors-for-leak-kinds=definite,indirect,possible "$calls" "$what" \
            >/dev/null 2>"$work/valgrind.output" </dev/null ||
            { tail -n 60 "$work/valgrind.output" && status=1; }
    done
    echo "valgrind: preload_calls $what, alone and compared"
done
# One of each, and one of the child.
[ "$(grep -c ', 0 differences' "$work/valgrind.log")" = 4 ] || status=1
! grep 'difference in' "$work/valgrind.log" || status=1

# machine NAME EMULATOR - other sizes and byte orders, and the versions of libc's names there.
machine() {
    build "$work/$1" -DCMAKE_TOOLCHAIN_FILE="$root/cmake/$1.cmake" -DCMAKE_BUILD_TYPE=Release \
        -DSIMDINET_BUILD_COMMAND=OFF
    "$1-linux-gnu-gcc" -std=c11 -O2 -D_GNU_SOURCE -I"$root/tests" "$root/tests/preload/preload_calls.c" -o "$work/$1/calls"
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
    echo "skipped: 32-bit x86: this machine is no x86"
fi

# What the tests say of the calls that they had compared, and the reports under valgrind.
sed -n 's/^.*\(checked: .*\)$/\1/p' "$work"/*.log
compared=$(sed -n -e 's/^.*checked: .*: \([0-9]*\) calls, 0 differences$/\1/p' \
    -e 's/^simdinet: \([0-9]*\) calls* checked, 0 differences.*$/\1/p' "$work"/*.log |
    awk '{ calls += $1 } END { printf "%d", calls }')
[ "$(grep -c 'checked: .*, 0 differences$' "$work/programs.log")" -ge 8 ] || status=1
python3 "$here/test_tally.py" "$work"/*.log | sed '$d'
sed -n 's/^.*\(skipped: .*\)$/\1/p' "$work/suite.log"
[ "$status" = 0 ] || echo "preload: FAILED"
echo "cases: $compared calls compared with the C library's"
exit $status
