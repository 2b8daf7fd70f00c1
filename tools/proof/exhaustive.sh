#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# exhaustive.sh - what can be tried completely, on every row: all IPv4 addresses both ways, and all
# strings of the nine streams; then the random tests, twenty times as long as usual.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"

need_test_packages
begin_proof exhaustive
build_as_usual

export SIMDINET_FULL=1 SIMDINET_RANDOM_CALLS=10000000
check random "$usual" --tests-regex \
    '^test_(byteorder|column|conformance|explain|format|get|inet|lines|parse|scan)'

{ "$usual/tests/exhaustive" --full || echo "exhaustive: FAILED"; } | tee "$work/exhaustive"
if grep -q 'FAILED' "$work/exhaustive"; then status=1; fi
tried=$(awk '$2 == "inet_pton4" || $2 == "inet_pton6" || $2 == "inet_aton" { strings += $3 }
             $2 == "round" { addresses += $4; rows++ }
             $2 == "batches" { addresses += $3 }
             END { printf "%d rows, %.1f billion addresses, %.1f billion strings", rows,
                   addresses / 1e9, strings / 1e9 }' "$work/exhaustive")
python3 "$here/test_tally.py" "$work/random.log"
echo "cases: $tried"
exit $status
