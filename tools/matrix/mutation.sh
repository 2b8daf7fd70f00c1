#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# mutation.sh - mutation testing of the kernels (tools/mutate.py); runs only when it is named.
#
# SIMDINET_MUTATE_EVERY selects each Nth mutant (9); 1 takes some hours on two processors.
set -eu
. "$(dirname "$0")/../lib.sh"

need_test_packages gcc:gcc clang:clang git:git
begin
every=${SIMDINET_MUTATE_EVERY:-9}
python3 "$here/mutate.py" --every "$every" "$work" >"$work/mutants.txt" 2>&1 || status=1
cat "$work/mutants.txt"
[ "$every" = 1 ] || skip mutation "mutants but one in $every: SIMDINET_MUTATE_EVERY=1 tests all"
echo "cases: $(tail -n 1 "$work/mutants.txt")"
exit $status
