#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# bench.sh - tools/bench.sh --quick: every candidate runs and its results are compared with libc's, the
# report is written, and the options work. Times are not checked.
set -eu
. "$(dirname "$0")/../lib.sh"

begin
bench=$here/bench.sh

expect() { # expect STATUS NAME COMMAND ... - runs it with its output in NAME.log
    expected=$1 name=$2
    shift 2
    code=0
    "$@" </dev/null >"$work/$name.log" 2>&1 || code=$?
    if [ "$code" = "$expected" ]; then
        echo "$name: exit status $code"
    else
        fail "$name: exit status $code instead of $expected" "$work/$name.log"
    fi
}

expect 0 quick "$bench" --quick --output "$work/quick"
sed -n 's/^- missing: *\(.*\)$/\1/p' "$work/quick/results.md" | tr ',' '\n' | sed 's/^ *//' |
    grep -v '^nothing$' | sed 's/^/skipped: bench: not installed: /' || true
for file in results.json results.csv results.md one.svg many.svg scan.svg by-number.svg by-size.svg latency.svg; do
    [ -s "$work/quick/$file" ] || fail "$file is missing"
done
for prefix in parse_ format_ column_ lines_ scan_ command_ get swap; do
    count=$(grep -c "^$prefix" "$work/quick/results.csv" || true)
    echo "$prefix: $count measurements"
    [ "$count" -gt 0 ] || fail "$prefix"
done

# The same results again, compared with themselves.
expect 0 again "$bench" --from "$work/quick/results.json" --output "$work/again" \
    --compare "$work/quick/results.json"
cmp "$work/quick/results.csv" "$work/again/results.csv" || status=1

# A list of addresses, and a log.
printf '192.0.2.1\n2001:db8::1\nno address\n::ffff:192.0.2.1\n10.0.0.1\n' >"$work/list"
printf 'from 192.0.2.1 to 2001:db8::1\nnothing here\n10.0.0.1 - - "GET /"\n' >"$work/log"
expect 0 list "$bench" --quick parse --corpus "$work/list" --output "$work/user-list"
expect 0 log "$bench" --quick scan --corpus "$work/log" --output "$work/user-log"

expect 2 family "$bench" --quick nonsense
expect 2 file "$bench" --quick --corpus "$work/missing"
expect 2 older "$bench" --compare "$work/list"

# The texts that are scanned slowest: a table, to be read.
expect 0 worst "$root/build/bench-$(basename "${CC:-cc}")/bench/scan_worst" 500
cat "$work/worst.log"

measurements=$(($(wc -l <"$work/quick/results.csv") - 1))
candidates=$(cut -d, -f4 "$work/quick/results.csv" | sort -u | wc -l)
finish_with "$measurements measurements of $((candidates - 1)) candidates, each compared with libc's results"
