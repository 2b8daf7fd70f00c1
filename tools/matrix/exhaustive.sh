#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# exhaustive.sh - on each implementation: all IPv4 addresses both ways, and all strings of nine sets;
# then the random tests with twenty times as many calls.
set -eu
. "$(dirname "$0")/../lib.sh"

need_test_packages
begin
build_default
export SIMDINET_FULL=1 SIMDINET_RANDOM_CALLS=10000000
check random "$default" --tests-regex \
    '^test_(byteorder|column|conformance|explain|format|get|inet|lines|parse|scan)'

{ "$default/tests/exhaustive" --full || echo "exhaustive: FAILED"; } | tee "$work/exhaustive"
if grep -q 'FAILED' "$work/exhaustive"; then status=1; fi
finish_with "$(awk '$2 == "inet_pton4" || $2 == "inet_pton6" || $2 == "inet_aton" { strings += $3 }
             $2 == "round" { addresses += $4; implementations++ }
             $2 == "batches" { addresses += $3 }
             END { printf "%d implementations, %.1f billion addresses, %.1f billion strings",
                   implementations, addresses / 1e9, strings / 1e9 }' "$work/exhaustive")"
