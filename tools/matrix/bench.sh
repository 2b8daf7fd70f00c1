#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# bench.sh - the benchmark itself, quickly: every candidate runs and is compared with libc, the report
# is written, and what a user may ask of the script does what its help says. No time is judged.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/lib.sh"

begin_proof bench
bench=$here/bench.sh

expect() { # expect STATUS NAME COMMAND ... - runs it with its output in NAME.log
    wanted=$1 name=$2
    shift 2
    code=0
    "$@" </dev/null >"$work/$name.log" 2>&1 || code=$?
    if [ "$code" != "$wanted" ]; then
        tail -n 20 "$work/$name.log"
        echo "$name: FAILED: exit status $code instead of $wanted"
        status=1
    else
        echo "$name: as it should be"
    fi
}

expect 0 quick "$bench" --quick --output "$work/quick"
sed -n 's/^  missing  *\(.*\)$/\1/p' "$work/quick.log" | tr ',' '\n' | sed 's/^ *//' |
    grep -v '^nothing$' | sed 's/^/skipped: bench: not measured, for it is missing: /' || true
for file in report.html results.json results.csv one.svg one.png many.svg scan.svg by-number.svg \
    by-size.svg latency.svg; do
    [ -s "$work/quick/$file" ] || { echo "$file: FAILED: there is none"; status=1; }
done
for family in parse format column lines scan socket swap; do
    count=$(grep -c "^$family," "$work/quick/results.csv" || true)
    echo "$family: $count figures"
    [ "$count" -gt 0 ] || status=1
done

# The same results again, and the guard that finds nothing slower than itself.
expect 0 again "$bench" --from "$work/quick/results.json" --output "$work/again" \
    --compare "$work/quick/results.json"
cmp "$work/quick/results.csv" "$work/again/results.csv" || status=1

# The user's own addresses, and a log of his own.
printf '192.0.2.1\n2001:db8::1\nno address\n::ffff:192.0.2.1\n10.0.0.1\n' >"$work/list"
printf 'from 192.0.2.1 to 2001:db8::1\nnothing here\n10.0.0.1 - - "GET /"\n' >"$work/log"
expect 0 list "$bench" --quick parse --corpus "$work/list" --output "$work/own-list"
expect 0 log "$bench" --quick scan --corpus "$work/log" --output "$work/own-log"

expect 2 family "$bench" --quick nonsense
expect 2 file "$bench" --quick --corpus "$work/there-is-none"
expect 2 older "$bench" --compare "$work/list"

figures=$(($(wc -l <"$work/quick/results.csv") - 1))
peers=$(cut -d, -f5 "$work/quick/results.csv" | sort -u | wc -l)
echo "cases: $figures figures of $((peers - 1)) candidates, each compared with libc's results"
exit $status
