#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# coverage.sh - counts which lines and branches the tests reach, lists those that they do not, and
# writes the figures into README.md where every row could be measured.
#
# The library and the command are built without optimisation for this, so that a branch is one of the
# source; the processor and, on x86-64, an emulated Arm processor for the NEON row.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"
[ $# = 0 ] || die "unknown argument '$1'; usage: tools/proof/coverage.sh"

# The counters are those of gcc.
CC=gcc
export CC
need_test_packages gcov:gcc
begin_proof coverage

# fresh DIRECTORY [CMAKE-ARGUMENT ...] - builds, and forgets what was counted before.
fresh() {
    build "$@" -DCMAKE_BUILD_TYPE=Release -DSIMDINET_COVERAGE=ON -DSIMDINET_BUILD_TESTS=ON
    find "$1" -name '*.gcda' -exec rm -f {} +
}

fresh "$work/here"
# Nothing is counted of what reads sources, or builds others; and programs of the distribution that the
# drop-in is loaded into say so when they may not write counts.
check here "$work/here" -E '^(house|install|reference|preload.*)$'
echo "skipped: coverage: of the drop-in, and of what reads sources or builds others"
set -- "$work/here"
readme=--readme

# leave_out ROW WHY
leave_out() {
    echo "skipped: coverage of the $1 row: $2"
    without="${without-} --without $1"
    readme=
}
for row in $("$work/here/simdinet" info | awk '$2 == "yes" && $3 == "no" { print $1 }'); do
    leave_out "$row" "it does not run on this machine"
done

if [ "$(uname -m)" = x86_64 ]; then
    need_packages qemu-aarch64-static:qemu-user-static
    need_machines aarch64
    # A processor that answers the first leaf of CPUID alone is not made any more.
    oldest=$(qemu-x86_64-static -cpu qemu64,level=1,xlevel=0x80000000 "$work/here/simdinet" info </dev/null)
    echo "$oldest" | grep -q '^kernel: scalar ' || {
        echo "on a processor that has nothing: $oldest"
        status=1
    }
    fresh "$work/arm" -DCMAKE_TOOLCHAIN_FILE="$root/cmake/aarch64.cmake" -DSIMDINET_BUILD_COMMAND=OFF
    # The sockets are the same on either machine.
    echo "skipped: coverage: on Arm, the tests of the socket functions and of generated tables"
    check arm "$work/arm" -E 'getaddrinfo|getnameinfo|services|tables'
    set -- "$@" "$work/arm:aarch64-linux-gnu-gcov"
elif ! "$work/here/simdinet" info | grep -q '^neon .*yes.*yes'; then
    leave_out neon "no emulator is set up on this kind of machine"
fi

[ $status = 0 ] || readme= # what failed has not reached what it should
python3 "$here/coverage.py" ${without-} $readme "$@" >"$work/unreached.txt" || status=1
cat "$work/unreached.txt"
echo
python3 "$here/test_tally.py" "$work"/*.log | sed '$d'
echo "cases: $(sed -n 's/^\(lib\/\)\{0,1\}\([a-z]*\): .* \([0-9.]* % of branches\) .*$/\2 \3/p' \
    "$work/unreached.txt" | paste -s -d ';' | sed 's/;/, /g; s/ % of branches/ %/g') of branches"
exit $status
