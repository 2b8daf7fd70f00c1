#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# mutation.sh - small mistakes in the scalar row and in what the x86 rows share, made one at a time
# (tools/mutate.py): each is noticed by a test, or tests/build/surviving_mutants.txt says why none can notice it.
#
# SIMDINET_MUTATE_EVERY in the environment is which part is tried: every ninth mistake of a file unless
# it is set, all of them where it is 1, which takes more than an hour on two processors.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"
[ $# = 0 ] || die "unknown argument '$1'; usage: tools/matrix/mutation.sh"

need_test_packages gcc:gcc clang:clang
begin_proof mutation
every=${SIMDINET_MUTATE_EVERY:-9}
build_target kernel_tests "$work/build" -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DSIMDINET_BUILD_COMMAND=OFF -DSIMDINET_BUILD_TESTS=ON \
    -DSIMDINET_TESTS_ONE_PROCESS=ON
python3 "$here/mutate.py" --every "$every" "$work/build" "$work" >"$work/mutate.log" 2>&1 || status=1
cat "$work/mutate.log"
[ "$every" = 1 ] ||
    echo "skipped: mutation: all mistakes but one in $every: SIMDINET_MUTATE_EVERY=1 tries them"
echo "cases: $(tail -n 1 "$work/mutate.log")"
exit $status
