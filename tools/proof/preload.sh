#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# preload.sh - the drop-in under programs of the distribution, each of its calls compared with the C
# library: on each row, with CPython's own tests of sockets, and under valgrind.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"

need_test_packages valgrind:valgrind '/usr/lib/python3*/test/test_socket.py:libpython3.11-testsuite'
begin_proof preload
build "$work/build" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_BUILD_TESTS=ON
library=$work/build/libsimdinet_preload.so
calls=$work/build/tests/preload_calls

check programs "$work/build" --tests-regex '^preload_programs$'
for row in $("$work/build/simdinet" info | awk '$2 == "yes" && $3 == "yes" { print $1 }'); do
    SIMDINET_KERNEL=$row check "$row" "$work/build" --tests-regex '^preload$'
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
grep -q ', 0 differences' "$work/valgrind.log" || status=1
! grep 'difference in' "$work/valgrind.log" || status=1

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
